"""The list of applications: what is urgent first, narrowed and searched, by the same queries however long."""

import datetime
import html
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tenants.utils import schema_context

from portal.staff.roles import CASHIERS, EDITORS
from portal.staff.services import staff_create
from tenants.models import GasCompany
from tests.support.connection import make_application, make_paper
from tests.support.factories import PASSWORD, staff_client, text_of

DESK = "/admin/connection/"


def shown(response):
    return html.unescape(text_of(response)).replace("\xa0", " ")


def found(client, path=DESK, **asked):
    return {one.pk for one in client.get(path, asked).context["list"].page}


def test_the_list_is_narrowed_and_searched(at_desk):
    today, day = timezone.localdate(), datetime.timedelta(days=1)
    new = make_application()
    make_application("draft")
    late = make_application("registered", due_on=today - day, recipient_number="ТП-118/26")
    soon = make_application(
        "building", due_on=today + 3 * day, phone="+78112595050", applicant_name="Пётр Иванов"
    )
    done = make_application("done", address="г. Остров, ул. Лесная, д. 3", due_on=today - day)
    page = at_desk.get(DESK)
    assert [one.pk for one in page.context["list"].page] == [late.pk, soon.pk, new.pk]
    assert "Новые <strong>1</strong>" in shown(page) and "срок прошёл" in shown(page)
    assert found(at_desk, f"{DESK}all/") == {new.pk, late.pk, soon.pk, done.pk}
    assert found(at_desk, state="building") == {soon.pk}
    assert found(at_desk, f"{DESK}all/", term="late") == {late.pk}
    assert found(at_desk, term="soon") == {soon.pk} and found(at_desk, term="none") == {new.pk}
    for typed, who in (
        (f"№ {new.number[:3]} {new.number[3:]}", new),
        ("тп-118", late),
        ("8 (8112) 59-50-50", soon),
        ("иванов петр", soon),
        ("остров лесная", done),
    ):
        assert found(at_desk, f"{DESK}all/", q=typed) == {who.pk}, typed
    assert len(found(at_desk, f"{DESK}all/", q="60:18:0060201:145")) == 4
    assert len(found(at_desk, f"{DESK}all/", q="60 18 0060201 145")) == 4
    assert len(found(at_desk, f"{DESK}all/", q="ELKINA@example.ru")) == 4
    assert found(at_desk, q="((") == set()
    first_page = shown(at_desk.get("/admin/"))
    assert "в очереди 1" in first_page and json.dumps("Присоединение (1)") in first_page


def test_the_list_and_an_application_ask_as_much_of_many(at_desk):
    one = make_application()
    make_paper(one)

    def asked(path):
        at_desk.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert at_desk.get(path).status_code == 200
        return len(queries)

    paths = DESK, f"{DESK}all/", f"{DESK}{one.pk}/"
    few = [asked(path) for path in paths]
    for _ in range(5):
        make_application()
        make_paper(one, title="Выписка")
        one.events.create(state="submitted", happened_on=timezone.localdate())
    assert [asked(path) for path in paths] == few


@pytest.mark.parametrize("role", [EDITORS, CASHIERS])
def test_the_desk_is_the_operators(pskov, role):
    one = make_application()
    client = staff_client(staff_create(username="nosy", password=PASSWORD, groups=[role]))
    for path in (DESK, f"{DESK}{one.pk}/", f"{DESK}{one.pk}/papers.zip"):
        assert client.get(path).status_code == 404, path
    assert client.post(f"{DESK}{one.pk}/forward/").status_code == 404


def test_a_fund_and_another_company_have_none_of_it(at_desk, novgorod, pskov):
    with schema_context(novgorod.schema_name):
        theirs = make_application()
    assert at_desk.get(f"{DESK}{theirs.pk}/").status_code == 404
    draft = make_application("draft")
    assert at_desk.get(f"{DESK}{draft.pk}/").status_code == 404
    with schema_context("public"):
        GasCompany.objects.filter(pk=pskov.pk).update(kind=GasCompany.Kind.CAPITAL_REPAIR)
    assert at_desk.get(DESK).status_code == 404
    assert "Присоединение" not in text_of(at_desk.get("/admin/"))
