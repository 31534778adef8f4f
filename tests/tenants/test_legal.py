"""What the law says on a day, from dated records; the vectors of the domain's facts."""

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from portal.connection import connection
from tenants.legal.alarms import legal_alarms
from tenants.legal.penalty import penalty_of
from tenants.legal.rules import RULES
from tenants.legal.seed import SEEDS, legal_seed
from tenants.legal.selectors import (
    LegalValueMissing,
    LegalValueStale,
    legal_number,
    legal_value,
)
from tenants.models import GasCompany, LegalRecord
from tests.support.factories import BASE_HOST, staff_client, text_of

DAY = datetime.date
AUTUMN = DAY(2026, 11, 22)


def own(company: GasCompany | None, code: str, valid_from: str, number: int | None) -> LegalRecord:
    return LegalRecord.objects.create(
        company=company, code=code, valid_from=valid_from, number=number, source="приказ"
    )


@pytest.mark.parametrize(
    ("day", "due"), [(DAY(2026, 2, 28), 10), (DAY(2026, 3, 1), 15), (AUTUMN, 15)]
)
def test_due_day_changes_with_the_march_bill(db, day, due):
    assert legal_value("payment_due_day", day) == due


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("readings_until_day", "25"),
        ("bill_issued_by_day", "5"),
        ("average_months_limit", "3"),
        ("consent_withdrawal_days", "30"),
        ("capital_repair_commission_percent", "1.5"),
        ("capital_repair_commission_min", "15"),
        ("capital_repair_commission_max", "15000"),
    ],
)
def test_rules_of_today(db, code, value):
    assert legal_number(code, AUTUMN) == Decimal(value)


def test_the_cap_of_the_rate_ends(db):
    assert legal_value("penalty_rate_cap", DAY(2026, 12, 31)) == Decimal("9.5")
    assert legal_value("penalty_rate_cap", DAY(2027, 1, 1)) is None


def test_a_rule_may_be_a_text(db):
    assert "отдельный документ" in str(legal_value("consent_rule", AUTUMN))


def test_before_the_first_record_nothing_is_known(db):
    with pytest.raises(LegalValueMissing, match=r"01\.01\.2000"):
        legal_value("payment_due_day", DAY(2000, 1, 1))
    with pytest.raises(KeyError):
        legal_value("no_such_rule", AUTUMN)


def test_a_company_overrides_and_returns_to_the_common_rule(pskov, novgorod):
    own(pskov, "readings_until_day", "2026-06-01", 20)
    own(pskov, "readings_until_day", "2026-09-01", None)
    own(None, "readings_until_day", "2026-08-01", 17)

    def due(day: str, company: GasCompany | None) -> object:
        return legal_value("readings_until_day", DAY.fromisoformat(day), company)

    assert due("2026-05-31", pskov) == 25
    assert due("2026-06-01", pskov) == due("2026-08-31", pskov) == 20
    assert due("2026-09-01", pskov) == 17
    assert due("2026-08-31", novgorod) == due("2026-08-31", None) == 17


def test_one_query_from_any_schema(pskov, django_assert_num_queries):
    connection.cursor().execute("SELECT 1")
    with django_assert_num_queries(1):
        assert legal_value("payment_due_day", AUTUMN, pskov) == 15


@pytest.mark.parametrize(
    ("days", "penalty"),
    [(0, "0.00"), (30, "0.00"), (31, "0.32"), (90, "19.00"), (91, "19.73"), (120, "40.92")],
)
def test_penalty_on_a_thousand_roubles(pskov, days, penalty):
    found = penalty_of(debt=Decimal(1000), days_late=days, paid_on=AUTUMN, company=pskov)
    assert str(found) == penalty


def test_penalty_on_capital_repair_has_one_step(pskov):
    pskov.kind = GasCompany.Kind.CAPITAL_REPAIR
    found = penalty_of(debt=Decimal(1000), days_late=120, paid_on=AUTUMN, company=pskov)
    assert found == Decimal("28.50")


def test_the_lower_rate_counts_and_without_the_cap_the_key_rate(pskov):
    def penalty(paid_on: datetime.date) -> Decimal:
        return penalty_of(debt=Decimal(1000), days_late=90, paid_on=paid_on, company=pskov)

    own(None, "key_rate", "2026-10-01", 6)
    assert penalty(AUTUMN) == Decimal("12.00")
    own(None, "key_rate", "2026-12-20", 12)
    assert penalty(DAY(2026, 12, 31)) == Decimal("19.00")
    assert penalty(DAY(2027, 1, 1)) == Decimal("24.00")


class TestAStaleRate:
    """Without the cap a sum by an old rate would be wrong: none is shown, and the office hears of it."""

    NEW_YEAR = DAY(2027, 1, 1)

    def penalty(self, pskov, paid_on: datetime.date) -> Decimal:
        return penalty_of(debt=Decimal(1000), days_late=90, paid_on=paid_on, company=pskov)

    def test_it_gives_no_sum_until_it_is_renewed(self, pskov):
        assert self.penalty(pskov, DAY(2026, 12, 31)) == Decimal("19.00")
        with pytest.raises(LegalValueStale, match=r"28\.10\.2024"):
            self.penalty(pskov, self.NEW_YEAR)
        own(None, "key_rate", "2026-12-18", 15)
        assert self.penalty(pskov, self.NEW_YEAR) == Decimal("30.00")
        assert self.penalty(pskov, DAY(2027, 2, 26))
        with pytest.raises(LegalValueStale):
            self.penalty(pskov, DAY(2027, 2, 27))

    def test_below_the_cap_it_has_to_be_new_too(self, pskov):
        own(None, "key_rate", "2026-01-01", 6)
        with pytest.raises(LegalValueStale):
            self.penalty(pskov, AUTUMN)

    def test_the_office_is_told(self, central_admin, clock):
        stale = [one.text for one in legal_alarms(DAY(2026, 12, 31)) if one.code == "key_rate"]
        assert len(stale) == 1 and "станет ниже ограничения" in stale[0]
        clock.at("2027-01-01T12:00")
        office = staff_client(central_admin, BASE_HOST)
        page = text_of(office.get("/admin/"))
        assert "Последняя запись о ключевой ставке действует с 28 октября 2024 г." in page
        own(None, "key_rate", "2026-12-18", 15)
        assert "Последняя запись о ключевой ставке" not in text_of(office.get("/admin/"))


class TestRecords:
    def test_one_a_day(self, pskov):
        own(pskov, "penalty_free_days", "2026-01-01", 1)
        for company in (pskov, None):
            with pytest.raises(IntegrityError), transaction.atomic():
                own(company, "penalty_free_days", "2026-01-01" if company else "2016-01-01", 2)

    def test_a_record_has_a_number_or_a_text_never_both(self, db):
        with pytest.raises(IntegrityError), transaction.atomic():
            LegalRecord.objects.create(
                code="key_rate", valid_from="2026-01-01", number=1, text="x", source="y"
            )

    def test_seeding_again_changes_nothing(self, db):
        LegalRecord.objects.filter(code="key_rate").update(number=16)
        before = LegalRecord.objects.count()
        legal_seed()
        assert LegalRecord.objects.count() == before == len(SEEDS)
        assert legal_value("key_rate", AUTUMN) == 16

    def test_every_rule_has_a_record_with_a_source(self, db):
        assert set(RULES) == set(LegalRecord.objects.values_list("code", flat=True))
        assert not LegalRecord.objects.filter(source="").exists()
