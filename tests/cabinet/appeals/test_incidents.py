"""Accidents and planned work: entered once, shown to those concerned and on the site, gone when over."""

import datetime

import pytest
from django.utils import timezone
from django_tenants.utils import schema_context

from cabinet.appeals.centre.incidents import incidents_of
from cabinet.appeals.models import Incident
from cms_pages.models import District, ServiceCentre
from portal.audit.models import AuditEntry
from portal.staff import roles
from portal.staff.services import staff_create
from tests.support.factories import (
    NOVGOROD_HOST,
    PASSWORD,
    make_account,
    make_link,
    staff_client,
    text_of,
)

ADMIN = "/admin/appeals/incident/"


@pytest.fixture
def operator(pskov):
    return staff_client(
        staff_create(username="operator", password=PASSWORD, groups=[roles.OPERATORS])
    )


def make_incident(**fields):
    given = {"kind": "emergency", "title": "Нет газа", **fields}
    many = {name: given.pop(name) for name in ("centres", "districts") if name in given}
    incident = Incident(**given)
    for name, objects in many.items():
        setattr(incident, name, objects)
    incident.save()
    return incident


def titles(account):
    return [one.title for one in incidents_of(account)]


def test_entered_once_shown_where_it_matters_and_ended_by_one_button(
    operator, owner, owner_client, guest, link, pskov
):
    other = make_account("805108", address="г. Псков, ул. Ленина, д. 1")
    others = make_link(owner, pskov, other)
    form = {
        "kind": "emergency",
        "title": "Нет газа на Рижском",
        "text": "Чиним газопровод.",
        "streets": "Псков, Рижский проспект",
        "starts_at": "2026-11-01 10:00",
        "shown_from": "2026-11-01 10:00",
    }
    wrong = operator.post(
        f"{ADMIN}create/", form | {"streets": "ул.", "ends_at": "2026-10-01 10:00"}
    )
    assert "раньше, чем начинаются" in text_of(wrong)
    assert operator.post(f"{ADMIN}create/", form).status_code == 302
    centre = f"/cabinet/{link.pk}/service-centre/"
    for path in ("", "readings/", "service-centre/"):
        page = text_of(owner_client.get(f"/cabinet/{link.pk}/{path}"))
        assert page.count("Нет газа на Рижском") == 1, path
        assert "Псков, Рижский проспект" in page
        assert "Нет газа" not in text_of(owner_client.get(f"/cabinet/{others.pk}/{path}"))
    assert "уже знаем" in text_of(owner_client.get(centre))
    assert "Нет газа на Рижском" in text_of(guest.get("/"))
    assert "Нет газа" not in text_of(guest.get("/", headers={"host": NOVGOROD_HOST}))

    incident = Incident.objects.get()
    finish = f"{ADMIN}{incident.pk}/finish/"
    assert f'href="{finish}"' in operator.get(ADMIN).content.decode()
    for asked in (operator.get, operator.post):  # a question, and not yet its answer
        assert "сразу исчезнет" in text_of(asked(finish))
    assert "Нет газа на Рижском" in text_of(guest.get("/"))
    assert "убрано" in text_of(operator.post(finish, {"answer": "yes"}, follow=True))
    assert "Нет газа на Рижском" not in text_of(guest.get("/"))
    assert "Нет газа" not in text_of(owner_client.get(centre))
    assert AuditEntry.objects.filter(action="incident.finished").count() == 1
    operator.post(finish, {"answer": "yes"})
    assert AuditEntry.objects.filter(action="incident.finished").count() == 1


def test_only_staff_with_the_right_may_end_it(guest, pskov):
    incident = make_incident()
    cashier = staff_create(username="cashier", password=PASSWORD, groups=[roles.CASHIERS])
    assert staff_client(cashier).post(
        f"{ADMIN}{incident.pk}/finish/", {"answer": "yes"}
    ).status_code in (403, 404)
    assert guest.post(f"{ADMIN}{incident.pk}/finish/", {"answer": "yes"}).status_code == 302
    incident.refresh_from_db()
    assert incident.ends_at is None


def test_centres_and_districts_limit_it(account):
    served, elsewhere = (District.objects.create(name=name) for name in ("Псков", "Остров"))
    centres = [
        ServiceCentre.objects.create(code=code, name=code, district=district, address="-")
        for code, district in (("psk", served), ("ost", elsewhere))
    ]
    make_incident(title="область")
    make_incident(title="свой центр", centres=centres[:1])
    make_incident(title="чужой центр", centres=centres[1:])
    make_incident(title="свой район", districts=[served])
    make_incident(title="чужой район", districts=[elsewhere])
    make_incident(title="район и улица", districts=[served], streets="Рижский пр.")
    make_incident(title="район и чужая улица", districts=[served], streets="ул. Ленина")
    make_incident(title="чужой район и улица", districts=[elsewhere], streets="Рижский пр.")
    type(account).objects.filter(pk=account.pk).update(service_centre="psk")
    account.refresh_from_db()
    own = {"область", "свой центр", "свой район", "район и улица"}
    assert set(titles(account)) == own
    # The district that the centre serves, not only its own.
    centres[1].serves = [served]
    centres[1].save()
    account.service_centre = "ost"
    assert {"свой район", "чужой центр", "чужой район"} <= set(titles(account))
    # Billing names a centre that nobody has entered: the streets decide, and the place is said.
    account.service_centre = "nobody"
    assert "район и чужая улица" not in titles(account)
    assert "чужой центр" in titles(account)


def test_planned_work_is_announced_and_goes_by_itself(account, clock):
    now = timezone.now()
    hour = datetime.timedelta(hours=1)
    make_incident(
        kind="planned",
        title="работы",
        shown_from=now + hour,
        starts_at=now + 24 * hour,
        ends_at=now + 30 * hour,
    )
    assert titles(account) == []
    clock.at(now + 2 * hour)
    assert "Работы начнутся" in incidents_of(account)[0].when
    clock.at(now + 25 * hour)
    assert "Рассчитываем закончить" in incidents_of(account)[0].when
    clock.at(now + 30 * hour)
    assert titles(account) == []


def test_another_companys_work_is_nobodys_here(account, novgorod):
    with schema_context("novgorod"):
        make_incident(title="Чужая авария")
    assert titles(account) == []
