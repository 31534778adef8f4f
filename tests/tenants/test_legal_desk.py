"""The law is changed by two central admins, within each rule's range, and never rewritten."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django_tenants.utils import schema_context
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from portal.audit.models import AuditEntry
from portal.staff.models import StaffUser
from portal.staff.services import staff_create
from tenants.legal.changes import LegalChange
from tenants.legal.desk.forms import LegalForm
from tenants.legal.proposing import legal_change_propose
from tenants.legal.rules import ORDERED, RULES
from tenants.legal.seed import SEEDS, legal_seed
from tenants.legal.selectors import legal_value
from tenants.models import FleetSnapshot, LegalRecord, Proposal
from tenants.proposals.services import ProposalRefused, proposal_confirm, proposal_make
from tests.support.factories import BASE_HOST, PASSWORD, staff_client, text_of

DAY = datetime.date
TODAY = DAY(2026, 11, 29)
NEW = "/admin/legal/key_rate/new/"
FORM = {"what": "value", "value": "14,5", "valid_from": "2026-12-01", "source": "cbr.ru"}
YES = {"answer": "yes"}


@pytest.fixture(autouse=True)
def today(clock) -> None:
    clock.at("2026-11-29T12:00")


@pytest.fixture
def second(db) -> StaffUser:
    with schema_context("public"):
        return staff_create(username="second", password=PASSWORD, superuser=True)


@pytest.fixture
def other_office(second) -> Client:
    return staff_client(second, BASE_HOST)


def proposed(code: str = "key_rate", **fields: object) -> LegalChange:
    given = {"value": Decimal(15), "valid_from": DAY(2026, 12, 1), "source": "закон", **fields}
    return LegalChange(code=code, **given)


def made(change: LegalChange, actor: StaffUser, other: StaffUser) -> None:
    proposal = legal_change_propose(change=change, actor=actor)
    proposal_confirm(proposal_id=proposal.pk, actor=other, address="")


def test_from_the_search_to_a_record_in_force(office, other_office, pskov, novgorod):
    FleetSnapshot.objects.create(
        company=pskov, figures={"accounts": 1234}, counted_at=datetime.datetime.now(datetime.UTC)
    )
    found = text_of(office.get("/admin/legal/", {"q": "ключевая ставка"}))
    assert "Ключевая ставка Банка России" in found and "Оплатить до" not in found
    assert "Ключевая ставка Банка России" in text_of(office.get("/admin/legal/", {"q": "key_rate"}))
    assert "21 % годовых" in text_of(office.get("/admin/legal/key_rate/"))

    preview = text_of(office.post(NEW, FORM))
    for said in (
        "2 компании, 1 234 лицевых счёта",
        "1 декабря 2026 г., через 2 дня.",
        "Личный кабинет, пояснение к квитанции: расчёт пени.",
        "выставленных квитанций и принятые платежи не изменятся",
        "21 % годовых",
        "14,5 % годовых",
    ):
        assert said.replace(" ", "") in preview.replace("\u202f", "").replace(" ", ""), said
    assert not Proposal.objects.exists()
    assert 'value="14,5"' in office.post(NEW, {**FORM, "edit": "1"}).content.decode()
    page = office.post(NEW, {**FORM, "propose": "1"})
    proposal = Proposal.objects.get()
    assert page.url == f"/admin/tenants/proposals/{proposal.pk}/"
    assert "уже ждёт подтверждения" in text_of(office.post(NEW, {**FORM, "propose": "1"}))
    assert LegalRecord.objects.count() == len(SEEDS)

    office.post(f"{page.url}confirm/", YES)
    assert legal_value("key_rate", DAY(2026, 12, 1)) == 21
    assert "Какие страницы изменятся" in text_of(other_office.get(page.url))
    other_office.post(f"{page.url}confirm/", YES)
    assert legal_value("key_rate", DAY(2026, 12, 1)) == Decimal("14.5")
    record = LegalRecord.objects.get(valid_from=DAY(2026, 12, 1))
    assert (record.proposed_by, record.confirmed_by) == ("central", "second")
    with schema_context("public"):
        entry = AuditEntry.objects.get(action="legal.recorded")
    assert entry.details["changes"][0][1:] == ["21 % годовых", "14,5 % годовых"]
    assert "подтвердил second" in text_of(office.get("/admin/legal/key_rate/"))


@pytest.mark.parametrize(
    ("code", "change", "message"),
    [
        ("key_rate", {"value": ""}, "Введите значение"),
        ("key_rate", {"value": "−5"}, "число от 0,25 до 40"),
        ("key_rate", {"value": "500"}, "число от 0,25 до 40"),
        ("key_rate", {"value": "1e1"}, "число от 0,25 до 40"),
        ("key_rate", {"value": "14,555"}, "не больше 2 знаков"),
        ("key_rate", {"what": "end"}, "what"),
        ("key_rate", {"source": ""}, "Заполните это поле"),
        ("key_rate", {"valid_from": "2026-11-28"}, "День уже прошёл"),
        ("key_rate", {"valid_from": "2062-12-01"}, "Проверьте год"),
        ("key_rate", {"valid_from": "2024-10-28", "past_is_meant": "on"}, "уже задано"),
        ("key_rate", {"valid_from": "2025-10-28", "past_is_meant": "on"}, "Напишите, почему"),
        ("payment_due_day", {"value": "45"}, "целое число от 1 до 31"),
        ("payment_due_day", {"value": "4"}, "Не меньше, чем «Квитанция выставляется до»"),
        ("penalty_first_divisor", {"value": "0"}, "целое число от 50 до 1"),
        ("consent_rule", {"value": "Как хотите"}, "value"),
        ("readings_until_day", {"what": "common"}, "Выберите компанию"),
    ],
)
def test_what_no_form_takes(office, code, change, message):
    answer = office.post(f"/admin/legal/{code}/new/", {**FORM, **change, "propose": "1"})
    assert answer.status_code == 200 and not Proposal.objects.exists()
    assert message in text_of(answer)
    assert "cbr.ru" in answer.content.decode() or change.get("source") == ""


def test_whose_a_rule_may_be(office, central_admin, second, pskov):
    """A gas company has no due day of its own, but other rules, and goes back to the common one."""
    assert 'name="company"' not in office.get(NEW).content.decode()
    with pytest.raises(ValidationError, match="Своим это правило"):
        legal_change_propose(change=proposed("key_rate", company_id=pskov.pk), actor=central_admin)
    own = proposed("readings_until_day", company_id=pskov.pk, value=Decimal(20))
    with pytest.raises(ValidationError, match="действует общее"):
        legal_change_propose(
            change=proposed("readings_until_day", company_id=pskov.pk, value=None),
            actor=central_admin,
        )
    made(own, central_admin, second)
    assert legal_value("readings_until_day", DAY(2026, 12, 1), pskov) == 20
    again = {**FORM, "what": "common", "company": pskov.pk, "valid_from": "2027-02-01"}
    preview = text_of(office.post("/admin/legal/readings_until_day/new/", again))
    assert "общее правило: 25-е число месяца" in preview
    made(
        proposed("readings_until_day", company_id=pskov.pk, value=None, valid_from=DAY(2027, 2, 1)),
        central_admin,
        second,
    )
    assert legal_value("readings_until_day", DAY(2027, 2, 1), pskov) == 25


def test_a_wrong_record_is_superseded_not_edited(office, other_office, central_admin, second):
    record = LegalRecord.objects.get(code="key_rate")
    address = f"/admin/legal/key_rate/{record.pk}/correct/"
    page = office.get(address).content.decode()
    assert 'value="21"' in page and "2024-10-28" in page
    form = {**FORM, "value": "20", "valid_from": "2024-10-28"}
    assert "День уже прошёл" in text_of(office.post(address, form))
    form |= {"past_is_meant": "on", "reason": "Опечатка", "propose": "1"}
    other_office.post(f"{office.post(address, form).url}confirm/", YES)
    assert legal_value("key_rate", DAY(2026, 1, 1)) == 20
    record.refresh_from_db()
    assert record.number == 21 and record.superseded_note == "Опечатка"
    shown = text_of(office.get("/admin/legal/key_rate/"))
    assert "заменена" in shown and "21 % годовых" in shown
    legal_seed()
    assert legal_value("key_rate", DAY(2026, 1, 1)) == 20
    with pytest.raises(ValidationError, match="не меняют"):
        record.save()
    assert office.get(address).status_code == 404


def test_only_what_has_not_begun_is_withdrawn(office, other_office):
    """The cap's end, known to the seed, is dropped as the cap is prolonged."""
    end = LegalRecord.objects.get(code="penalty_rate_cap", valid_from=DAY(2027, 1, 1))
    address = f"/admin/legal/penalty_rate_cap/{end.pk}/withdraw/"
    assert "9,5 % годовых" in text_of(office.get(address))
    assert "Заполните это поле" in text_of(office.post(address, {"reason": ""}))
    page = office.post(address, {"reason": "Продлено"})
    other_office.post(f"{page.url}confirm/", YES)
    assert legal_value("penalty_rate_cap", DAY(2027, 1, 1)) == Decimal("9.5")
    begun = LegalRecord.objects.get(code="key_rate")
    refused = office.post(f"/admin/legal/key_rate/{begun.pk}/withdraw/", {"reason": "x"})
    assert "ещё не действует" in text_of(refused) and Proposal.objects.count() == 1


def test_confirming_checks_again(central_admin, second, clock):
    late = legal_change_propose(change=proposed(), actor=central_admin)
    with pytest.raises(ProposalRefused):
        proposal_confirm(proposal_id=late.pk, actor=central_admin, address="")
    clock.at("2026-12-05T12:00")
    with pytest.raises(ValidationError, match="День уже прошёл"):
        proposal_confirm(proposal_id=late.pk, actor=second, address="")
    late.refresh_from_db()
    assert late.state == "waiting" and LegalRecord.objects.count() == len(SEEDS)


NUMBERS = sorted(code for code, rule in RULES.items() if rule.kind is Decimal)


@pytest.mark.usefixtures("pskov")
@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    code=st.sampled_from(NUMBERS),
    number=st.decimals(allow_nan=True, allow_infinity=True)
    | st.decimals(-5, 2000, places=3, allow_nan=False),
)
def test_no_door_lets_a_value_out_of_its_range_in(central_admin, second, code, number):
    rule = RULES[code]
    is_right = (
        number.is_finite()
        and rule.low <= number <= rule.high
        and number == round(number, rule.places)
    )
    if is_right and any(code in pair for pair in ORDERED):
        return  # its pair may refuse it
    change = proposed(code, value=number)
    typed = {**FORM, "value": str(number)}
    form_takes = LegalForm(typed, code=code, replaces=None).is_valid()
    assert form_takes <= is_right  # «1E+1» is no number to the form
    doors = (
        lambda: legal_change_propose(change=change, actor=central_admin),
        lambda: change.record().full_clean(),
        lambda: change.record().save(),
        lambda: proposal_confirm(
            proposal_id=_forged(change, central_admin), actor=second, address=""
        ),
    )
    for door in doors:
        if is_right:
            continue
        with pytest.raises(ValidationError):
            door()
    if is_right:
        doors[1]()


def _forged(change: LegalChange, actor: StaffUser) -> int:
    return proposal_make(
        kind=Proposal.Kind.LEGAL, subject="x", arguments=change.arguments(), actor=actor
    ).pk


def test_the_seeds_are_within_their_ranges(db):
    for record in LegalRecord.objects.all():
        record.full_clean()
