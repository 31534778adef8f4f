"""What staff save by Wagtail's forms is in the log with what was before."""

import datetime
import re

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from wagtail.models import Site

from cabinet.appeals.models import AppealKind
from cabinet.appointments.models import AppointmentService
from cabinet.payments.models import Shop
from cms_pages.brand.models import BrandSettings
from cms_pages.brand.requisites import CompanyRequisites
from cms_pages.centres.models import District, ServiceCentre
from cms_pages.notices import UrgentNotice
from cms_pages.pages.home import HomePage
from cms_pages.pages.news import NewsCategory
from portal.audit.changes import changes_between, whole_values
from portal.audit.models import AuditEntry
from tests.support.factories import make_account, make_charge, staff_client, text_of

LOG = "/admin/audit/auditentry/"
FULL = {
    "legal_name": "ООО «Газ»",
    "inn": "7707083893",
    "kpp": "770701001",
    "ogrn": "1027700132195",
    "legal_address": "Москва",
    "bank_name": "Банк",
    "bic": "044525225",
    "correspondent_account": "30101810400000000225",
    "settlement_account": "",
}


def latest(action: str = "wagtail.edit") -> AuditEntry:
    return AuditEntry.objects.filter(action=action).latest("pk")


@pytest.fixture
def boss(pskov, company_administrator):
    return staff_client(company_administrator)


@pytest.fixture
def editor_client(pskov, editor):
    return staff_client(editor)


def rows(prefix: str, *forms: dict[str, object], initial: int = 0) -> dict[str, object]:
    found: dict[str, object] = {
        f"{prefix}-TOTAL_FORMS": len(forms),
        f"{prefix}-INITIAL_FORMS": initial,
        f"{prefix}-MIN_NUM_FORMS": 0,
        f"{prefix}-MAX_NUM_FORMS": 1000,
    }
    for number, form in enumerate(forms):
        found |= {f"{prefix}-{number}-{name}": value for name, value in form.items()}
        found[f"{prefix}-{number}-ORDER"] = number + 1
    return found


def test_requisites_in_full_and_no_field_is_cleared_in_silence(boss):
    address = setting("cms_pages/companyrequisites")
    boss.post(address, FULL)
    boss.post(address, FULL | {"inn": "6027000136"})
    assert latest().details["changes"] == [["ИНН", "7707083893", "6027000136"]]
    said = text_of(boss.get(LOG))
    assert "ИНН: было «7707083893», стало «6027000136»" in said
    assert "изменил: реквизиты." in said and "по умолчанию" not in said

    emptied = FULL | {"inn": "", "kpp": ""}
    refused = text_of(boss.post(address, emptied | {"cleared": ["kpp"]}))
    assert "отметьте «ИНН»" in refused and "отметьте «КПП»" not in refused
    assert CompanyRequisites.objects.get().kpp == "770701001"
    assert boss.post(address, emptied | {"cleared": ["inn", "kpp"]}).status_code == 302
    assert latest().details["changes"] == [["ИНН", "6027000136", ""], ["КПП", "770701001", ""]]


def test_requisites_that_bills_need_stay(boss, charge):
    address = setting("cms_pages/companyrequisites")
    boss.post(address, FULL)
    nothing = dict.fromkeys(FULL, "")
    refused = text_of(boss.post(address, nothing | {"cleared": list(FULL)}))
    assert "от них зависят квитанции" in refused
    assert CompanyRequisites.objects.get().inn == FULL["inn"]


@pytest.fixture
def charge(pskov):
    return make_charge(make_account(), datetime.date(2026, 10, 1))


def test_a_centre_with_its_phones_and_hours(editor_client):
    district = District.objects.create(name="Псковский")
    centre = {
        "name": "Центр",
        "code": "c1",
        "district": district.pk,
        "address": "Ленина, 1",
        "serves": [district.pk],
        "action-publish": "1",
    }
    phone = {"number": "(8112) 59-50-52", "label": "приёмная"}
    hours = {"first_day": 0, "last_day": 4, "occurrence": 0, "opens": "09:00", "closes": "18:00"}
    shape = rows("hours", hours) | rows("closures") | rows("phones", phone)
    made = editor_client.post("/admin/cms_pages/servicecentre/add/", centre | shape)
    assert made.status_code == 302, text_of(made)
    created = {label: after for label, _, after in latest("wagtail.create").details["changes"]}
    assert "приёмная" in created["Телефоны"] and "09:00" in created["Часы работы"]

    row = ServiceCentre.objects.get()
    edit = f"/admin/cms_pages/servicecentre/edit/{row.pk}/"
    shape = shown_values(editor_client, edit) | {"action-publish": "1", "serves": []}
    shape |= {"phones-0-label": "касса", "hours-0-closes": "17:00"}
    assert editor_client.post(edit, shape).status_code == 302
    # The draft that was made of it, and what visitors see since then.
    for entry in (latest("wagtail.edit"), latest("wagtail.publish")):
        changes = {label: (before, after) for label, before, after in entry.details["changes"]}
        assert set(changes) == {"Обслуживает районы", "Телефоны", "Часы работы"}
        assert "приёмная" in changes["Телефоны"][0] and "касса" in changes["Телефоны"][1]
        assert "18:00" in changes["Часы работы"][0] and "17:00" in changes["Часы работы"][1]
    editor_client.post(f"/admin/cms_pages/servicecentre/delete/{row.pk}/")
    assert ["Название", "Центр", ""] in latest("wagtail.delete").details["changes"]


def test_pages_name_their_fields_and_secrets_stay_secret(editor_client, boss):
    home = HomePage.objects.get()
    page = {
        "title": home.title,
        "slug": home.slug,
        "intro": "null",
        "notice": "",
        "notice_kind": "info",
        "quick_links-count": "0",
        "contacts-count": "0",
    }
    edit = f"/admin/pages/{home.pk}/edit/"
    editor_client.post(edit, page)
    editor_client.post(edit, page | {"notice": "Закрыто 1 января"})
    details = latest().details
    assert details["fields"] == ["Объявление"] and len(details["revisions"]) == 2
    shown = text_of(boss.get(f"{LOG}inspect/{latest().pk}/"))
    assert f"/revisions/compare/{details['revisions'][0]}...{details['revisions'][1]}/" in shown

    shop = Shop(shop_id="1", secret_key="live_key_1", provider="yookassa")
    before = whole_values(shop)
    shop.secret_key = "live_key_2"
    (change,) = changes_between(before, whole_values(shop))
    assert (change.before, change.after) == ("задано", "изменено")
    assert "live_key" not in str(change)


def shown_values(client, address):
    """Return what a form of the admin would send unchanged."""
    soup = BeautifulSoup(client.get(address).content, "html.parser")
    form = max(
        soup.find_all("form", method=re.compile("post", re.I)), key=lambda one: len(str(one))
    )
    values = {}
    for field in form.find_all(["input", "textarea", "select"]):
        kind, name = field.get("type"), field.get("name")
        if not name or (kind in ("checkbox", "radio") and not field.has_attr("checked")):
            continue
        if field.name == "select":
            chosen = [one["value"] for one in field.find_all("option", selected=True)]
        else:
            chosen = [field.get("value", field.text if field.name == "textarea" else "")]
        if kind != "file":
            values.setdefault(name, []).extend(chosen)
    return values


def setting(path: str) -> str:
    return f"/admin/settings/{path}/{Site.objects.get().pk}/"


def brand_address() -> str:
    return f"/admin/cms_pages/brandsettings/edit/{BrandSettings.for_site(Site.objects.get()).pk}/"


def notice_address() -> str:
    notice = UrgentNotice.objects.create(severity="info", title="Нет газа", text="До вечера")
    notice.districts.add(District.objects.create(name="Псковский"))
    notice.save()
    return f"/admin/cms_pages/urgentnotice/edit/{notice.pk}/"


def category_address() -> str:
    category = NewsCategory.objects.create(name="Новости", slug="novosti")
    return f"/admin/snippets/cms_pages/newscategory/edit/{category.pk}/"


@pytest.mark.parametrize(
    ("address", "changed", "label", "after"),
    [
        (brand_address, {"entry_text": "Вход здесь"}, "На странице входа", "Вход здесь"),
        (notice_address, {"title": "Газ есть"}, "Заголовок", "Газ есть"),
        (notice_address, {"districts": []}, "Районы", ""),
        (category_address, {"name": "Льготы"}, "Название", "Льготы"),
        (lambda: setting("bills/billsettings"), {"notice": "Важно"}, "Объявление", "Важно"),
        (
            lambda: setting("payments/paymenttexts"),
            {"free_way_title": "В кассе"},
            "Способ без комиссии",
            "В кассе",
        ),
        (
            lambda: f"/admin/appeals/appealkind/edit/{AppealKind.objects.first().pk}/",
            {"name": "Другое дело"},
            "Название",
            "Другое дело",
        ),
        (
            lambda: (
                "/admin/appointments/appointmentservice/edit/"
                f"{AppointmentService.objects.first().pk}/"
            ),
            {"name": "Сверка счётчика"},
            "Название",
            "Сверка счётчика",
        ),
    ],
)
def test_each_kind_has_its_before(company_administrator, address, changed, label, after):
    company_administrator.groups.add(*Group.objects.all())
    client, where = staff_client(company_administrator), address()
    answer = client.post(where, shown_values(client, where) | {"action-publish": "1"} | changed)
    assert answer.status_code == 302, text_of(answer)
    entry = AuditEntry.objects.filter(action__in=["wagtail.edit", "wagtail.publish"]).latest("pk")
    changes = {found: (before, now) for found, before, now in entry.details["changes"]}
    before, now = changes[label]
    assert now == after and before != after
    assert after in text_of(client.get(f"{LOG}inspect/{entry.pk}/"))
    said = f"{label}: {'было' if before else 'стало'} «"
    assert said in text_of(client.get(f"{LOG}?q={after or before}&since=2020-01-01"))
    assert said not in text_of(client.get(f"{LOG}?about=staff"))
