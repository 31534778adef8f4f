"""Service centres as people see them, and as editors keep them."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context

from cabinet.accounts.models import PersonalAccount
from cabinet.appointments.models import Desk
from cms_pages.centres.places import place_parse
from cms_pages.models import ServiceCentre
from portal.staff.services import staff_create
from tests.cms_pages.conftest import make_centre, staff_at
from tests.support.factories import BASE_HOST, NOVGOROD_HOST, PASSWORD, text_of

LIST = "/service-centres/"
ADMIN = "/admin/cms_pages/servicecentre/"
ADD = {"servicecentre": "add", "urgentnotice": "add", "district": "create"}


@pytest.fixture
def friday_evening(clock):
    clock.at(datetime.datetime(2026, 5, 29, 17, 30, tzinfo=datetime.UTC))  # 20:30 in Pskov


def test_the_list_says_what_figure_32_says(guest, centres_page, friday_evening):
    make_centre()
    page = text_of(guest.get(LIST))
    for words in (
        "Псковский",
        "(8112) 59-50-50",
        "(8112) 59-50-51",
        "Понедельник–пятница: с 8:00 до 19:00 без перерыва на обед",
        "Среда: с 8:00 до 20:00",
        "Последняя суббота месяца: с 9:00 до 18:00, обед с 13:00 до 14:00",
        "г. Псков, Рижский пр., д. 20",
        "prg@pskovregiongaz.ru",
        "Закрыто, откроется завтра в 9:00",
    ):
        assert words in page, words
    assert 'href="tel:+78112595050"' in page


def test_open_or_closed_is_asked_in_the_companys_time(guest, centres_page, pskov, friday_evening):
    """In Kamchatka it is Saturday already, 05:30."""
    make_centre()
    pskov.time_zone = "Asia/Kamchatka"
    with schema_context("public"):
        pskov.save()
    assert "Закрыто, откроется сегодня в 9:00" in text_of(guest.get(LIST))


def test_sorted_by_district(guest, centres_page):
    make_centre("z", "Ярославский", name="Дальний")
    make_centre("b", "Островский", name="Второй")
    make_centre("a", "Островский", name="Первый")
    page = text_of(guest.get(LIST))
    places = [page.index(f"{word}</") for word in ("Островский", "Второй", "Первый", "Ярославский")]
    assert places == sorted(places)


def test_card_at_billings_code(guest, centres_page):
    make_centre(services="Договор\n\n Справка ", latitude="57.8129", longitude="28.3076")
    assert f'href="{LIST}pskov/"' in text_of(guest.get(LIST))
    page = text_of(guest.get(f"{LIST}pskov/"))
    assert "<li>Договор</li><li>Справка</li>" in page.replace("\n", "").replace("  ", "")
    assert "https://yandex.ru/maps/?pt=28.307600,57.812900" in page
    assert guest.get(f"{LIST}nowhere/").status_code == 404


def test_a_centre_is_seen_on_its_own_companys_host_only(centres_page, novgorod):
    make_centre()
    assert Client(headers={"host": NOVGOROD_HOST}).get(f"{LIST}pskov/").status_code == 404
    with schema_context("novgorod"):
        assert not ServiceCentre.objects.exists()


def test_the_list_costs_the_same_with_many(guest, centres_page):
    def queries() -> int:
        with CaptureQueriesContext(database) as captured:
            assert guest.get(LIST).status_code == 200
        return len(captured)

    guest.cookies["whoami"] = "1"  # past the pages kept for strangers
    make_centre()
    queries()
    one = queries()
    for number in range(20):
        make_centre(f"c{number}", f"Район {number}")
    queries()  # a new district makes the notices be read anew, once
    assert queries() == one


def form(**fields) -> dict[str, object]:
    rows: dict[str, object] = {}
    for name, values in (("phones", ["(8112) 59-50-52"]), ("closures", []), ("hours", [{}])):
        rows |= {f"{name}-TOTAL_FORMS": len(values), f"{name}-INITIAL_FORMS": 0}
    return {
        **rows,
        "name": "Печорский",
        "code": "pechory",
        "address": "г. Печоры, ул. Свободная, д. 1",
        "phones-0-number": "(8112) 59-50-52",
        "phones-0-ORDER": 1,
        "hours-0-first_day": 0,
        "hours-0-last_day": 4,
        "hours-0-occurrence": 0,
        "hours-0-opens": "08:00",
        "hours-0-closes": "17:00",
        "hours-0-ORDER": 1,
        "action-publish": "1",
        **fields,
    }


def district() -> int:
    from cms_pages.models import District

    return District.objects.create(name="Печорский район").pk


def test_an_editor_adds_a_centre(editor_client, guest, centres_page):
    saved = editor_client.post(f"{ADMIN}add/", form(district=district()))
    assert saved.status_code == 302, text_of(saved)
    page = text_of(guest.get(f"{LIST}pechory/"))
    assert "Печорский район" in page and "с 8:00 до 17:00" in page


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"code": "два слова"}, "Код — буквы"),
        ({"code": "pskov"}, "не должно повторяться"),
        ({"hours-0-closes": ""}, "Укажите и открытие, и закрытие"),
        ({"hours-0-closes": "07:00"}, "Время идёт не по порядку"),
        ({"hours-0-break_from": "12:00"}, "Укажите начало и конец обеда"),
        ({"hours-0-break_from": "18:00", "hours-0-break_to": "19:00"}, "не по порядку"),
        ({"hours-0-occurrence": -1}, "об одном дне недели"),
        ({"hours-0-first_day": 5}, "Дни идут по порядку"),
        ({"place": "57.8"}, "Не получилось понять место"),
        ({"place": "48.8566, 2.3522"}, "не в России: 48.8566, 2.3522"),
        (
            {
                "hours-TOTAL_FORMS": 2,
                "hours-0-first_day": 2,
                "hours-0-last_day": 2,
                "hours-1-first_day": 0,
                "hours-1-last_day": 4,
                "hours-1-occurrence": 0,
                "hours-1-opens": "09:00",
                "hours-1-closes": "18:00",
                "hours-1-ORDER": 2,
            },
            "ниже стоит «Понедельник–пятница: с 9:00 до 18:00",
        ),
    ],
)
def test_what_cannot_be_is_refused(editor_client, fields, message):
    make_centre()
    answer = editor_client.post(f"{ADMIN}add/", form(district=district(), **fields))
    assert answer.status_code == 200
    assert message in text_of(answer)
    assert ServiceCentre.objects.count() == 1


@pytest.mark.parametrize(
    "pasted",
    [
        "57.8194, 28.3318",
        "57,8194; 28,3318",
        "28.3318 57.8194",
        "57°49′9.84″ с. ш. 28°19′54.48″ в. д.",
        "https://yandex.ru/maps/25/pskov/?ll=28.30%2C57.80&whatshere%5Bpoint%5D=28.3318%2C57.8194&z=17",
        "https://yandex.ru/maps/?ll=28.3318%2C57.8194&z=17",
        "https://2gis.ru/pskov/geo/7037/28.3318,57.8194?m=28.2%2C57.7%2F16",
        "https://www.openstreetmap.org/?mlat=57.8194&mlon=28.3318#map=17/57.1/28.1",
        "https://www.openstreetmap.org/#map=17/57.8194/28.3318",
    ],
)
def test_a_place_is_read_as_it_is_pasted(pasted):
    assert place_parse(pasted) == (Decimal("57.8194"), Decimal("28.3318"))


def test_a_centre_says_what_uses_it_before_it_is_deleted(editor_client):
    far = make_centre("far", latitude="55.0", longitude="60.0")
    editor_client.post(f"{ADMIN}add/", form(district=district(), place="57.8194, 28.3318"))
    centre = ServiceCentre.objects.get(code="pechory")
    assert centre.latitude == Decimal("57.8194")
    shown = text_of(editor_client.get(f"{ADMIN}edit/{centre.pk}/"))
    assert "57.8194, 28.3318" in shown and "Проверьте, та ли это точка" in shown
    Desk.objects.create(centre=centre, name="Окно 1")
    PersonalAccount.objects.create(
        account_number="1", opened_on=datetime.date(2020, 1, 1), service_centre="far"
    )
    path = f"{ADMIN}delete/{centre.pk}/"
    shown = text_of(editor_client.get(path))
    assert "не дают удалить" in shown and "Yes" not in shown and "Да, удалить" not in shown
    assert editor_client.post(path).status_code == 302
    assert ServiceCentre.objects.filter(pk=centre.pk).exists()
    path = f"{ADMIN}delete/{far.pk}/"
    shown = " ".join(text_of(editor_client.get(path)).split())
    assert "Лицевые счета, которые он обслуживает: 1" in shown
    editor_client.post(path)
    assert not ServiceCentre.objects.filter(pk=far.pk).exists()


@pytest.mark.parametrize("what", ["servicecentre", "district", "urgentnotice"])
class TestWhoKeeps:
    def test_editors_and_moderators(self, pskov, what):
        for name, group in (("one", "Editors"), ("two", "Moderators")):
            staff_create(username=name, password=PASSWORD, groups=[group])
            client = staff_at("pskov.gas.localhost", name)
            assert client.get(f"/admin/cms_pages/{what}/").status_code == 200
            assert client.get(f"/admin/cms_pages/{what}/{ADD[what]}/").status_code == 200
            assert f"/admin/cms_pages/{what}/" in client.get("/admin/").content.decode()

    def test_other_staff_open_no_page_of_centres(self, pskov, what):
        from django.contrib.auth.models import Group, Permission

        others = Group.objects.create(name="Операторы на пробу")
        others.permissions.add(Permission.objects.get(codename="access_admin"))
        staff_create(username="operator", password=PASSWORD, groups=[others.name])
        client = staff_at("pskov.gas.localhost", "operator")
        assert client.get("/admin/").status_code == 200
        assert client.get(f"/admin/cms_pages/{what}/").status_code == 302
        assert client.post(f"/admin/cms_pages/{what}/{ADD[what]}/", form()).status_code == 302
        assert not ServiceCentre.objects.exists()

    def test_not_an_editor_of_another_company(self, editor_client, novgorod, what):
        elsewhere = Client(headers={"host": NOVGOROD_HOST})
        elsewhere.cookies.update(editor_client.cookies)
        answer = elsewhere.get(f"/admin/cms_pages/{what}/")
        assert answer.status_code == 302 and "/admin/login/" in answer.headers["Location"]

    def test_not_the_central_office(self, central_admin, pskov, what):
        client = staff_at(BASE_HOST, "central")
        assert client.get(f"/admin/cms_pages/{what}/").status_code == 404
        assert client.post(f"/admin/cms_pages/{what}/{ADD[what]}/").status_code == 404
        assert f"/admin/cms_pages/{what}/" not in client.get("/admin/").content.decode()


def test_a_new_company_has_editors_too(own_db):
    from tenants.services import company_provision

    with schema_context("public"):
        company_provision(
            schema_name="tver",
            name="ООО «Газпром межрегионгаз Тверь»",
            regions=["Тверская область"],
            domain="tver.gas.localhost",
        )
    with schema_context("tver"):
        staff_create(username="editor", password=PASSWORD, groups=["Editors"])
    client = staff_at("tver.gas.localhost", "editor")
    assert client.get(ADMIN).status_code == 200
