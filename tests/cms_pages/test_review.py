"""Review, preview and versions of what is no page: notices, centres, the company's face, settings."""

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.admin.panels import get_edit_handler
from wagtail.contrib.settings.registry import registry
from wagtail.models import Site

from cms_pages.models import BrandSettings, ReviewSettings, ServiceCentre, UrgentNotice
from portal.audit.models import AuditEntry
from portal.desk.versions import VERSION, VersionedForm
from portal.staff.services import staff_create
from tests.cms_pages.conftest import make_centre, staff_at
from tests.support.factories import PASSWORD, PSKOV_HOST, text_of

NOTICES = "/admin/cms_pages/urgentnotice/"
NOTICE = {"severity": "danger", "title": "Авария", "text": "Едем.", "starts_at": "2026-05-01 09:00"}
FACE = {"brand_colour": "#7a2e4d", "accent_colour": "#ffff00"}


def person(name: str, group: str) -> Client:
    staff_create(username=name, password=PASSWORD, groups=[group])
    return staff_at(PSKOV_HOST, name)


@pytest.fixture
def writer(pskov) -> Client:
    return person("writer", "Editors")


@pytest.fixture
def moderator(pskov) -> Client:
    return person("moderator", "Moderators")


@pytest.fixture
def reviewed(pskov) -> None:
    ReviewSettings.objects.create(site=Site.objects.get(), is_wanted=True)


def brand_address(page: str = "edit") -> str:
    return f"/admin/cms_pages/brandsettings/{page}/{BrandSettings.for_site(Site.objects.get()).pk}/"


def centre_form(name: str) -> dict[str, object]:
    fields: dict[str, object] = {"name": name, "code": "ostrov", "address": "Псков"}
    fields["district"] = ServiceCentre.objects.get().district_id
    for part in ("phones", "hours", "closures"):
        fields |= {f"{part}-TOTAL_FORMS": 0, f"{part}-INITIAL_FORMS": 0}
    return fields


def approve(browser: Client, where: str, row) -> None:
    task = row.current_workflow_task_state
    path = f"/admin/cms_pages/{where}/workflow/action/{row.pk}/approve/{task.pk}/"
    assert browser.post(path, {"comment": ""}).status_code in (200, 302)
    row.refresh_from_db()


def test_a_notice_waits_for_a_moderator_who_needs_none(writer, moderator, reviewed, guest):
    adding = text_of(writer.get(f"{NOTICES}add/"))
    assert "action-submit" in adding and "action-publish" not in adding
    # Asking for more than the buttons offer publishes nothing.
    writer.post(f"{NOTICES}add/", {**NOTICE, "action-publish": "1"})
    assert not UrgentNotice.objects.filter(live=True).exists()
    UrgentNotice.objects.all().delete()

    assert writer.post(f"{NOTICES}add/", {**NOTICE, "action-submit": "1"}).status_code == 302
    notice = UrgentNotice.objects.get()
    assert "Авария" not in text_of(guest.get("/"))
    first = text_of(moderator.get("/admin/"))
    assert "Авария" in first and first.index("Ждут вашей проверки") < first.index("С чего начать")
    assert "На проверке" in text_of(writer.get(NOTICES))
    approve(writer, "urgentnotice", notice)
    assert not notice.live

    edit = f"{NOTICES}edit/{notice.pk}/"
    back = {"action-workflow-action": "1", "workflow-action-name": "reject"}
    back |= {"workflow-action-extra-data": '{"comment": "Какие дома?"}'}
    said = text_of(moderator.post(edit, {**NOTICE, **back}, follow=True))
    assert "Возвращено на доработку: «Авария»." in said
    assert "Возвращено на доработку" in text_of(writer.get(NOTICES))
    assert "Вернул на доработку сотрудник moderator. «Какие дома?»" in text_of(writer.get(edit))
    assert AuditEntry.objects.filter(details__comment="Какие дома?").exists()
    writer.post(edit, {**NOTICE, "action-submit": "1"})
    assert "Какие дома?" not in text_of(writer.get(edit))

    done = {"action-workflow-action": "1", "workflow-action-name": "approve"}
    said = text_of(moderator.post(edit, {**NOTICE, **done}, follow=True))
    assert "Одобрено и опубликовано: «Авария»." in said
    notice.refresh_from_db()
    assert notice.live and "Авария" in text_of(guest.get("/"))
    # Nor does an editor take it off.
    writer.post(f"{NOTICES}unpublish/{notice.pk}/")
    writer.post(f"{NOTICES}delete/{notice.pk}/")
    assert UrgentNotice.objects.get().live

    page = text_of(moderator.get(f"{NOTICES}add/"))
    assert page.index("action-publish") < page.index("action-submit")
    urgent = {**NOTICE, "title": "Пожар", "action-publish": "1"}
    assert moderator.post(f"{NOTICES}add/", urgent).status_code == 302
    assert "Пожар" in text_of(guest.get("/"))


def test_without_review_an_editor_publishes_at_once(writer, guest):
    page = text_of(writer.get(f"{NOTICES}add/"))
    assert "action-publish" in page and "action-submit" not in page
    writer.post(f"{NOTICES}add/", {**NOTICE, "action-publish": "1"})
    assert "Авария" in text_of(guest.get("/"))


def test_the_list_says_what_is_shown_now(writer):
    now, day = timezone.now(), datetime.timedelta(days=1)
    for title, begins, ends, live in (
        ("Первое", -2, None, True),
        ("Второе", 1, None, True),
        ("Третье", -2, -1, True),
        ("Четвёртое", -2, None, False),
    ):
        ends_at = None if ends is None else now + ends * day
        UrgentNotice.objects.create(
            title=title, starts_at=now + begins * day, ends_at=ends_at, live=live
        )
    page = text_of(writer.get(NOTICES))
    rows = {re.sub(r"<[^>]+>", " ", row) for row in page.split("<tr")}
    for title, phase in (
        ("Первое", "На сайте"),
        ("Второе", "Появится"),
        ("Третье", "Закончилось"),
        ("Четвёртое", "Не опубликовано"),
    ):
        assert any(title in row and phase in row for row in rows), title


def test_previews_show_what_visitors_do_not_see_yet(writer, reviewed, guest, centres_page):
    make_centre()
    assert "8112" not in text_of(guest.get("/"))
    for address, form, seen in (
        (f"{NOTICES}preview/", NOTICE, "Авария"),
        (brand_address("preview"), {**FACE, "phone": "8112 59-50-50"}, "8 (8112) 59-50-50"),
        (brand_address("preview"), FACE, "brand_colour=%237a2e4d"),
        ("/admin/cms_pages/servicecentre/preview/", centre_form("Островский"), "Островский"),
    ):
        said = writer.post(address, form).json()
        assert said == {"is_valid": True, "is_available": True}, address
        assert seen in text_of(writer.get(address)), address
    colours = guest.get(
        "/brand.css?v=1&brand_colour=%237a2e4d&accent_colour=red;}"
    ).content.decode()
    assert "--brand:#7a2e4d" in colours and "red" not in colours
    assert "7a2e4d" not in text_of(guest.get("/brand.css"))
    assert "Авария" not in text_of(guest.get("/"))


def test_a_face_waits_for_a_moderator(writer, moderator, reviewed, guest):
    brand = BrandSettings.for_site(Site.objects.get())
    brand.phone = "8 (8112) 59-50-50"
    brand.save()
    assert "tel:+78112595050" in text_of(guest.get("/"))
    form = {**FACE, "phone": "8 800 100-21-86", "action-submit": "1"}
    assert writer.post(brand_address(), form).status_code == 302
    assert "tel:+78112595050" in text_of(guest.get("/"))
    brand.refresh_from_db()
    assert brand.has_unpublished_changes and brand.phone == "+78112595050"
    approve(moderator, "brandsettings", brand)
    page = text_of(guest.get("/"))
    assert "tel:+78001002186" in page and "59-50-50" not in page


def test_a_centre_never_published_is_nowhere(writer, reviewed, guest, centres_page):
    centre = make_centre(live=False)
    assert not ServiceCentre.published.exists()
    assert "Псковский" not in text_of(guest.get("/service-centres/"))
    assert guest.get("/service-centres/pskov/").status_code == 404
    assert "Псковский" in text_of(writer.get("/admin/cms_pages/servicecentre/"))
    assert writer.get(f"/admin/cms_pages/servicecentre/edit/{centre.pk}/").status_code == 200


# --- two tabs ----------------------------------------------------------------------------------------


def seen_version(browser: Client, address: str) -> str:
    page = text_of(browser.get(address))
    return re.search(rf'name="{VERSION}"[^>]*value="(\w+)"', page)[1]


def test_two_tabs_with_the_face_of_the_company(writer, moderator, pskov):
    mine = seen_version(writer, brand_address())
    form = {**FACE, "phone": "8112 59-50-50", "action-publish": "1"}
    first = moderator.post(brand_address(), form | {VERSION: mine})
    assert first.status_code == 302

    typed = {**FACE, "phone": "8 800 100-21-86", "action-publish": "1", VERSION: mine}
    answer = text_of(writer.post(brand_address(), typed))
    for words in (
        "moderator",
        "сохранено «8 (8112) 59-50-50», у вас «8 800 100-21-86»",
        "сохраните ещё",
    ):
        assert words in answer, words
    assert 'value="8 800 100-21-86"' in answer
    assert BrandSettings.objects.get().phone == "+78112595050"

    again = re.search(rf'name="{VERSION}"[^>]*value="(\w+)"', answer)[1]
    assert again != mine
    assert writer.post(brand_address(), typed | {VERSION: again}).status_code == 302
    assert BrandSettings.objects.get().phone == "+78001002186"


def test_two_tabs_with_settings_and_with_the_telephones_of_a_centre(
    company_administrator, editor_client
):
    from tests.support.factories import staff_client

    boss = staff_client(company_administrator)
    address = f"/admin/settings/cms_pages/reviewsettings/{Site.objects.get().pk}/"
    mine = seen_version(boss, address)
    assert boss.post(address, {"is_wanted": "on", VERSION: mine}).status_code == 302
    # The same again is no quarrel; another value is.
    assert boss.post(address, {"is_wanted": "on", VERSION: mine}).status_code == 302
    answer = text_of(boss.post(address, {VERSION: mine}))
    assert "сохранено «да», у вас «нет»" in answer
    assert ReviewSettings.objects.get().is_wanted

    centre = make_centre()
    where = f"/admin/cms_pages/servicecentre/edit/{centre.pk}/"
    mine = seen_version(editor_client, where)
    centre.phones.first().delete()
    fields = centre_form("Псковский") | {"code": "pskov"} | {VERSION: mine, "action-publish": "1"}
    answer = text_of(editor_client.post(where, fields))
    assert "Пока вы работали" in answer and "Адрес: сохранено" in answer


@pytest.mark.parametrize("model", registry, ids=lambda model: model.__name__)
def test_every_page_of_settings_warns(model):
    assert issubclass(get_edit_handler(model).get_form_class(), VersionedForm)


# --- telephones --------------------------------------------------------------------------------------


def test_every_telephone_on_the_site_is_dialled_with_7(editor_client, guest, home, centres_page):
    from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

    from cabinet.appeals.models import Responsibility
    from cms_pages.blocks import ContactsBlock

    brand = BrandSettings.for_site(Site.objects.get())
    brand.phone, brand.contact_centre_phone = "(8112) 59-50-50", "8 (800) 100-21-86"
    brand.emergency_phone = "104"
    brand.save()
    make_centre()
    Responsibility.objects.create(topic="networks", firm="Сети", phone="8 (8112) 50-04-04")
    phones = [{"number": "8112 59-50-50", "note": "днём"}, {"number": "8-911-123-45-67"}]
    block = ContactsBlock()
    typed = block.to_python([{"type": "contact", "value": {"name": "Мы", "phones": phones}}])
    home.contacts = block.clean(typed)
    state = (
        '{"blocks":[{"key":"a","text":"Звоните","type":"unstyled","depth":0,"inlineStyleRanges":[],'
        '"entityRanges":[{"offset":0,"length":7,"key":0}]}],"entityMap":{"0":{"type":"LINK",'
        '"mutability":"MUTABLE","data":{"url":"tel:88005553535"}}}}'
    )
    home.intro = ContentstateConverter(features=["link"]).to_database_format(state)
    home.save()
    own = home.contacts[0].value["phones"][0]
    assert (own["which"], own["number"]) == ("phone", "")  # the company's own: stored once

    seen = set()
    for path in (
        "/",
        "/service-centres/",
        "/service-centres/pskov/",
        "/who-answers/",
        "/cabinet/login/",
    ):
        found = re.findall(r'href="tel:([^"]*)"', text_of(guest.get(path)))
        assert found, path
        assert all(re.fullmatch(r"\+7\d{10}|104|112", one) for one in found), (path, found)
        seen |= set(found)
    assert {"+78112595050", "+78001002186", "+79111234567", "+78005553535", "+78112500404"} <= seen

    brand.refresh_from_db()
    brand.phone = "8 (8112) 70-70-70"
    brand.save()
    page = text_of(guest.get("/"))
    assert "59-50-50" not in page and page.count("tel:+78112707070") > 1
