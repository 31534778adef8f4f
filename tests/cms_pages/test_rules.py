"""A company's administrator reads the rules that hold for the company, and changes none."""

import datetime

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from portal.staff.services import staff_create
from tenants.legal.selectors import rules_in_force
from tenants.models import LegalRecord
from tests.support.factories import BASE_HOST, PASSWORD, staff_client, text_of

RULES = "/admin/rules/"


@pytest.fixture
def boss(company_administrator) -> Client:
    return staff_client(company_administrator)


def own(company, code: str, day: str, number: int | None) -> LegalRecord:
    return LegalRecord.objects.create(
        company=company,
        code=code,
        valid_from=datetime.date.fromisoformat(day),
        number=number,
        source="Приказ",
    )


def test_own_before_common(boss, pskov, novgorod):
    own(pskov, "penalty_free_days", "2020-01-01", 45)
    own(novgorod, "readings_until_day", "2020-01-01", 7)
    page = text_of(boss.get(RULES))
    assert "45 дней" in page and "своё" in page and "Приказ" in page
    assert "7-е число" not in page and "21 % годовых" in page
    assert f'"{RULES}"' in boss.get("/admin/").content.decode()


def test_what_ends_and_what_comes(pskov):
    own(pskov, "penalty_free_days", "2020-01-01", 45)
    own(pskov, "penalty_free_days", "2021-01-01", None)
    own(pskov, "penalty_free_days", "2030-01-01", 60)
    found = {rule.code: rule for rule in rules_in_force(datetime.date(2026, 11, 22), pskov)}
    free = found["penalty_free_days"]
    assert not free.is_own and free.record.number == 30
    assert [record.number for record in free.coming] == [60]
    cap = {one.code: one for one in rules_in_force(datetime.date(2027, 2, 1), pskov)}
    assert cap["penalty_rate_cap"].record is None


def test_it_says_what_the_portal_reckons_by(pskov):
    """The page and `legal_value` never differ."""
    from tenants.legal.selectors import legal_value

    own(pskov, "penalty_free_days", "2020-01-01", 45)
    own(None, "key_rate", "2027-05-01", 9)
    for day in (datetime.date(2026, 11, 22), datetime.date(2027, 6, 1)):
        for rule in rules_in_force(day, pskov):
            shown = rule.record.value if rule.record else None
            assert shown == legal_value(rule.code, day, pskov), rule.code


def test_the_rules_in_force_take_one_query(boss, pskov, django_assert_num_queries):
    list(LegalRecord.objects.all())  # the schema is set with the first query
    with django_assert_num_queries(1):
        rules_in_force(datetime.date(2026, 11, 22), pskov)


@pytest.mark.parametrize("role", ["Editors", "Moderators", "Operators"])
def test_other_roles_see_no_rules(pskov, role):
    client = staff_client(staff_create(username="other", password=PASSWORD, groups=[role]))
    assert "Ключевая ставка" not in text_of(client.get(RULES, follow=True))


def test_not_on_the_base_host(central_admin):
    assert staff_client(central_admin, BASE_HOST).get(RULES).status_code == 404


def test_nothing_is_written(boss, pskov):
    with schema_context("public"):
        before = list(LegalRecord.objects.values_list())
    boss.post(RULES, {"code": "key_rate", "number": "1"})
    assert list(LegalRecord.objects.values_list()) == before
