"""«Ваш центр обслуживания»: what figure 32 of manual 1 shows, for every kind of company and visitor."""

import datetime
import uuid

import pytest
from wagtail.models import Site

from cabinet.appeals.models import Appeal
from cms_pages.models import BrandSettings, CentrePhone, District, OpeningHours, ServiceCentre
from tests.support.delegates import make_delegate
from tests.support.factories import PSKOV_HOST, logged_in, make_account, make_charge

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(link):
    return f"/cabinet/{link.pk}/service-centre/"


@pytest.fixture
def centre(account):
    district = District.objects.create(name="Псков и Псковский район")
    centre = ServiceCentre(
        code="psk-1",
        name="Псковский",
        district=district,
        address="г. Псков, Рижский пр., д. 20",
        latitude="57.8129",
        longitude="28.3076",
        email="prg@pskovregiongaz.ru",
        note="Вход со двора",
    )
    centre.phones = [CentrePhone(number="(8112) 59-50-50")]
    centre.hours = [OpeningHours(first_day=0, last_day=4, opens="08:00", closes="19:00")]
    centre.save()
    type(account).objects.filter(pk=account.pk).update(service_centre="psk-1")
    return centre


def test_the_centre_has_its_telephone_hours_address_and_map(owner_client, path, centre):
    page = owner_client.get(path).content.decode()
    shown = (
        "Псковский",
        'href="tel:+78112595050"',
        "с\u00a08:00 до\u00a019:00",
        "Рижский пр., д.\u00a020",
        "Вход со двора",
        "mailto:prg@pskovregiongaz.ru",
        "https://yandex.ru/maps/?pt=28.3076",
    )
    assert [one for one in shown if one not in page] == []
    assert "Записаться" not in page  # nobody takes appointments yet
    assert f'href="{path}" aria-current="page"' in page  # in the menu and among the tabs


def test_an_account_without_a_known_centre_gets_the_companys_telephone(owner_client, path, pskov):
    site = Site.objects.get(is_default_site=True)
    BrandSettings.objects.update_or_create(site=site, defaults={"phone": "(8112) 59-50-51"})
    page = owner_client.get(path).content.decode()
    assert 'href="tel:+78112595051"' in page
    assert "Мы не&nbsp;знаем, какой центр" in page


def test_a_delegate_sees_the_centre_and_no_appeals(path, centre, link, stranger):
    delegated = make_delegate(link, stranger, "read")
    client = logged_in(stranger, PSKOV_HOST)
    page = client.get(f"/cabinet/{delegated.pk}/service-centre/").content.decode()
    assert "Псковский" in page
    assert "Обращения" not in page
    assert "Создать обращение" not in page
    assert client.get(path).status_code == 404  # the holder's own address


@pytest.mark.parametrize(
    ("page", "came_from"),
    [
        ("", "?from=information"),
        ("readings/", "?from=readings"),
        ("payment/", "?from=payment"),
        ("bills/", "?from=bill"),
        ("bills/2026-05/1/", "?from=bill&amp;object=2026-05"),
        ("service-centre/", ""),
    ],
)
def test_the_pages_lead_to_a_new_appeal_about_what_they_show(
    owner_client, link, account, stranger, page, came_from
):
    make_charge(account, datetime.date(2026, 5, 1), opening="4.79")
    new = f"/cabinet/{link.pk}/service-centre/appeals/new/"
    shown = owner_client.get(f"/cabinet/{link.pk}/{page}").content.decode()
    assert f'href="{new}{came_from}"' in shown
    assert owner_client.get(f"{new}{came_from.replace('amp;', '')}").status_code == 200
    delegated = make_delegate(link, stranger, "read")
    seen = logged_in(stranger, PSKOV_HOST).get(f"/cabinet/{delegated.pk}/{page}")
    assert "appeals/new/" not in seen.content.decode()


def test_the_menu_counts_what_is_unread_of_this_account_and_person(
    owner, owner_client, path, account, stranger
):
    other = make_account("805108")
    for person, of, is_unread in (
        (owner, account, True),
        (owner, account, False),
        (owner, other, True),
        (stranger, account, True),
    ):
        Appeal.objects.create(
            form_key=uuid.uuid4(),
            source="cabinet",
            account=of,
            subscriber_id=person.pk,
            kind_name="Вопрос",
            text="?",
            is_unread=is_unread,
        )
    page = owner_client.get(path).content.decode()
    assert "1<span" in page.split("menu-list__news", 1)[1][:40]


def test_a_fund_has_its_contacts_there_and_nothing_of_gas(owner_client, path, pskov, guest):
    site = Site.objects.get(is_default_site=True)
    BrandSettings.objects.update_or_create(site=site, defaults={"phone": "(8112) 59-50-51"})
    pskov.kind = "capital_repair"
    pskov.save()
    page = owner_client.get(path).content.decode()
    assert "Связь с фондом" in page
    assert 'href="tel:+78112595051"' in page
    assert "Создать обращение" in page
    listed = owner_client.get(f"{path}appeals/").content.decode()
    assert "Пахнет газом" not in page + listed
    assert "Ваш центр обслуживания" not in page + listed
    assert guest.get("/who-answers/").status_code == 404
