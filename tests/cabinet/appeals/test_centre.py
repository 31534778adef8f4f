"""«Ваш центр обслуживания»: what figure 32 of manual 1 shows, for every kind of company and visitor."""

import pytest
from wagtail.models import Site

from cms_pages.models import BrandSettings, CentrePhone, District, OpeningHours, ServiceCentre
from tests.support.delegates import make_delegate
from tests.support.factories import PSKOV_HOST, logged_in, text_of

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


def page_text(client, path):
    return " ".join(text_of(client.get(path)).split())


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
