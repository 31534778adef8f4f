"""A package that did not come: who gets a letter, when, and once."""

import datetime

from cabinet.exchange.lateness import late_notice_send
from cabinet.exchange.models import Package
from portal.messaging.models import Message
from portal.staff import roles
from portal.staff.services import staff_create
from tenants.models import GasCompany
from tests.support.factories import PASSWORD, staff_client, text_of


def came(number: int, day: int) -> None:
    moment = datetime.datetime(2026, 11, day, 6, tzinfo=datetime.UTC)
    Package.objects.create(
        package_id=f"p-{number}", state="applied", applied_at=moment, as_of=moment, source="api"
    )


def test_one_letter_in_working_hours(pskov, novgorod, clock):
    operator = staff_create(
        username="operator", password=PASSWORD, email="o@gas.ru", groups=[roles.OPERATORS]
    )
    staff_create(
        username="director",
        password=PASSWORD,
        email="d@gas.ru",
        groups=[roles.COMPANY_ADMINISTRATORS],
    )
    staff_create(username="editor", password=PASSWORD, email="e@gas.ru", groups=[roles.EDITORS])
    staff_create(username="silent", password=PASSWORD, groups=[roles.OPERATORS])
    for number, day in enumerate((9, 10, 11, 12)):
        came(number, day)
    clock.at("2026-11-13T12:00")
    assert late_notice_send(pskov) == 0
    clock.at("2026-11-14T12:00")  # a Saturday
    assert late_notice_send(pskov) == 0
    clock.at("2026-11-16T07:00")
    assert late_notice_send(pskov) == 0
    clock.at("2026-11-16T12:00")
    assert [late_notice_send(pskov), late_notice_send(pskov)] == [2, 0]
    letters = Message.objects.filter(kind="staff_package_late")
    assert {one.recipient for one in letters} == {"o@gas.ru", "d@gas.ru"}
    assert "/admin/exchange/" in str(letters.first().text)
    first = " ".join(text_of(staff_client(operator).get("/admin/")).split())
    assert "Пакет биллинга не" in first and "13 ноября 2026" in first.replace("\xa0", " ")
    came(9, 16)
    assert "загрузите пакет вручную" not in text_of(staff_client(operator).get("/admin/"))
    clock.at("2026-11-23T12:00")  # late again, after another break
    assert late_notice_send(pskov) == 2
    clock.at("2026-11-30T12:00")
    GasCompany.objects.filter(pk=pskov.pk).update(status="suspended")
    assert late_notice_send(GasCompany.objects.get(pk=pskov.pk)) == 0
