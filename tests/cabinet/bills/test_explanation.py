"""A bill in plain words: whatever it says adds up, and no equality is claimed that does not hold."""

import dataclasses
import datetime
import re
from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from cabinet.accounts.models import PersonalAccount
from cabinet.billing.models import BillingPayment
from cabinet.billing.selectors.lines import Sums, side_by_side
from cabinet.bills.documents import BillDocument, BillLine, MeterDifference, Payer
from cabinet.bills.explaining.comparison import comparison_of
from cabinet.bills.explaining.explanation import Explanation, bill_explanation
from cabinet.bills.explaining.lines import Readers, line_sentences
from cabinet.bills.explaining.steps import bill_steps, line_steps
from cabinet.bills.selectors import bill_document, bill_documents
from cabinet.exchange.package.apply import package_apply
from portal.connection import connection
from portal.formats.dates import month_after
from tenants.models import CalendarDay, LegalRecord
from tests.exchange.test_samples import SAMPLES
from tests.support.factories import make_account, make_charge, make_meter, make_reading

DAY = datetime.date
MAY = DAY(2026, 5, 1)
APRIL = DAY(2026, 4, 1)
NOVEMBER = DAY(2026, 11, 1)
_NUMBER = r"([\d\u202f]+(?:,\d+)?)"
_FORMULA = re.compile(rf"^{_NUMBER}\xa0\S+ × {_NUMBER}\xa0₽(?: за\xa0\S+)? = {_NUMBER}\xa0₽\.$")


def figure(text: str) -> Decimal:
    return Decimal(text.replace("\u202f", "").replace(",", "."))


def words(explanation: Explanation) -> str:
    """The page as a person reads it."""
    page = render_to_string("cabinet/bills/explanation.html", {"explanation": explanation})
    text = re.sub(r"<[^>]+>", " ", page).replace("&nbsp;", " ")
    return " ".join(text.replace("\xa0", " ").replace("\u202f", " ").split())


def assert_true(explanation: Explanation) -> None:
    """Rows add up to the bill's sum, those of a line to what is owed of it, formulas are right."""
    *rows, result = explanation.steps
    assert sum(row.amount for row in rows) == result.amount == explanation.document.total
    for line in explanation.lines:
        if line.steps:
            assert sum(row.amount for row in line.steps[:-1]) == line.steps[-1].amount
        for sentence in line.sentences:
            if " × " in sentence and (found := _FORMULA.match(sentence)):
                volume, price, product = map(figure, found.groups())
                exact = (volume * price).quantize(Decimal("0.01"), ROUND_HALF_UP)
                assert exact == product == line.accrued, sentence
            elif " × " in sentence:
                assert line.is_penalty, sentence
    if explanation.comparison:
        changes = explanation.comparison.changes
        assert sum(one.amount for one in changes) == explanation.comparison.difference


def explained(account: PersonalAccount, month: datetime.date) -> Explanation:
    document = bill_document(account, month, 1)
    assert document is not None
    found = bill_explanation(account, document)
    assert_true(found)
    return found


def test_every_bill_of_the_sample(pskov_sample):
    for account in PersonalAccount.objects.filter(
        account_number__in=["805112", "806018", "815331"]
    ):
        for back in range(24):
            for document in bill_documents([account], month_after(NOVEMBER, -back)):
                assert_true(bill_explanation(account, document))
    account = PersonalAccount.objects.get(account_number="806018")
    shown = words(explained(account, NOVEMBER))
    assert "По счётчику № 04512987 было 37 924 м³ на 23 сентября 2026 г." in shown
    assert "стало 38 214 м³ на 21 октября 2026 г.: израсходовано 290 м³" in shown
    assert "Показание на 21 октября 2026 г. рассчитала компания" in shown
    assert "290 м³ × 9,934255 ₽ за м³ = 2 880,93 ₽." in shown
    before = words(explained(account, DAY(2026, 10, 1)))
    assert "Перерасчёт уменьшил сумму на 86,13 ₽. В том числе по актам −86,13 ₽." in before
    assert "Причина: «Неисправность прибора учёта, акт проверки»." in before
    norm = words(explained(PersonalAccount.objects.get(account_number="805112"), NOVEMBER))
    assert "Объём — 13 м³ по расчёту компании. Столько же составляет норматив за месяц." in norm


def test_every_bill_of_the_fund(fund_account, pskov):
    pskov.kind = "capital_repair"
    pskov.save()
    account = PersonalAccount.objects.get(account_number="8600220999")
    for back in range(24):
        for document in bill_documents([account], month_after(NOVEMBER, -back)):
            assert_true(bill_explanation(account, document))
    shown = words(explained(account, NOVEMBER))
    assert "Было к оплате на 1 октября 2026 г. 2 281,61 ₽" in shown
    assert "Оплачено в октябре 2026 г. −2 281,61 ₽ К оплате на 1 ноября 2026 г. 947,66 ₽" in shown
    # Its area by the rate is two kopecks more: the fund's own figure stands without a formula.
    assert "Начислено 947,66 ₽ по расчёту фонда, размер взноса — 16 ₽." in shown
    account.charges.filter(period=DAY(2026, 10, 1), kind="principal").update(
        accrued=Decimal("947.68"), closing_balance=Decimal("947.68")
    )
    assert "59,23 м² × 16 ₽ за м² = 947,68 ₽." in words(explained(account, NOVEMBER))


money = st.integers(-500_000, 500_000).map(lambda kopecks: Decimal(kopecks) / 100)
volume = st.none() | st.integers(0, 5_000_000).map(lambda litres: Decimal(litres) / 1000)
tariff = st.none() | st.integers(1, 20_000_000).map(lambda part: Decimal(part) / 1_000_000)


@st.composite
def lines(draw: st.DrawFn) -> BillLine:
    used, price = draw(volume), draw(tariff)
    accrued = draw(money)
    if used is not None and price is not None and draw(st.booleans()):
        accrued = (used * price).quantize(Decimal("0.01"), ROUND_HALF_UP)
    names = ("opening_balance", "recalculated", "quality_deduction", "corrected", "written_off")
    sums = {name: draw(st.just(Decimal(0)) | money) for name in (*names, "paid")}
    closing = (
        sums["opening_balance"]
        + accrued
        + sums["recalculated"]
        - sums["quality_deduction"]
        + sums["corrected"]
        - sums["written_off"]
        - sums["paid"]
    )
    return BillLine(
        service_code=draw(st.sampled_from("abc")),
        service_name="Отопление",
        is_penalty=draw(st.booleans()),
        tariff=price,
        unit="м³",
        volume=used,
        sums=Sums(accrued=accrued, closing_balance=closing, **sums),
    )


PAYER = Payer("1", "", "", "О", "Е", "", "г. Псков", Decimal("54.30"), 2, 2)


def document_of(
    some: tuple[BillLine, ...], month: datetime.date = MAY, restated: Decimal = Decimal(0)
) -> BillDocument:
    totals = side_by_side(one.sums for one in some)
    return BillDocument(
        account_id=1,
        month=month,
        number=1,
        bill_kind="общая",
        payer=PAYER,
        payee=None,
        company_name="ООО",
        company_phone="",
        company_site="",
        lines=some,
        totals=totals,
        principal=totals.closing_balance + restated,
        penalty=Decimal(0),
        payments=(),
        payments_since=(),
        due_on=None,
        notice="",
        is_newest=True,
        as_of=None,
        restated=restated,
    )


some_lines = st.lists(lines(), max_size=4, unique_by=lambda one: (one.service_code, one.is_penalty))


@given(now=some_lines, then=some_lines, restated=money)
def test_whatever_billing_says_adds_up(now, then, restated):
    document = document_of(tuple(now), restated=restated)
    earlier = document_of(tuple(then), month=month_after(MAY, -12))
    readers = Readers(masked=False, is_fund=True)
    shown = [
        (line, line_sentences(line, PAYER, Decimal(13), readers))
        for line in now
        if not line.is_penalty
    ]
    *rows, result = bill_steps(document)
    assert sum(row.amount for row in rows) == result.amount == document.total
    for line in now:
        steps = line_steps(line, APRIL)
        assert not steps or sum(row.amount for row in steps[:-1]) == steps[-1].amount
    for line, sentences in shown:
        for sentence in sentences:
            if found := _FORMULA.match(sentence):
                by, price, product = map(figure, found.groups())
                assert (by * price).quantize(Decimal("0.01"), ROUND_HALF_UP) == product
                assert product == line.sums.accrued
            else:
                assert " × " not in sentence
    comparison = comparison_of(document, earlier)
    if comparison:
        assert comparison.then > 0
        assert comparison.now > comparison.then * Decimal("1.5")
        assert sum(one.amount for one in comparison.changes) == comparison.difference


class TestWhyHigher:
    def line(self, used: str, price: str, **fields) -> BillLine:
        accrued = (Decimal(used) * Decimal(price)).quantize(Decimal("0.01"), ROUND_HALF_UP)
        own = fields.pop("sums", {})
        sums = Sums(
            **{
                "accrued": accrued,
                "closing_balance": accrued + sum(own.values(), Decimal(0)),
                **own,
            }
        )
        line = BillLine("heat", "Отопление", False, Decimal(price), "м³", Decimal(used), sums)
        return dataclasses.replace(line, **fields)

    def compared(self, now: BillLine, then: BillLine):
        return comparison_of(document_of((now,)), document_of((then,), month_after(MAY, -12)))

    def test_more_gas_at_a_higher_tariff(self):
        found = self.compared(self.line("200", "9"), self.line("100", "8"))
        assert [(one.label, str(one.amount)) for one in found.changes] == [
            ("Объём 200\xa0м³ вместо 100\xa0м³", "800.00"),
            ("Тариф 9\xa0₽ за\xa0м³ вместо 8\xa0₽ за\xa0м³", "200.00"),
        ]

    def test_half_again_is_not_much_higher(self):
        assert self.compared(self.line("150", "8"), self.line("100", "8")) is None
        assert self.compared(self.line("150.01", "8"), self.line("100", "8"))

    def test_a_debt_and_a_recalculation(self):
        sums = {"opening_balance": Decimal(500), "recalculated": Decimal("52.37")}
        found = self.compared(self.line("100", "8", sums=sums), self.line("100", "8"))
        assert [(one.label, str(one.amount)) for one in found.changes] == [
            ("Остаток с прошлых месяцев: 500,00\xa0₽, а год назад такого не было", "500.00"),
            ("Перерасчёт: 52,37\xa0₽, а год назад такого не было", "52.37"),
        ]

    def test_a_sum_of_the_company_is_not_taken_apart(self):
        odd = self.line("200", "9", sums={"accrued": Decimal("1900.00")})
        found = self.compared(
            dataclasses.replace(
                odd, sums=Sums(accrued=Decimal(1900), closing_balance=Decimal(1900))
            ),
            self.line("100", "8"),
        )
        assert [one.label for one in found.changes] == [
            "Начислено 1\u202f900,00\xa0₽ вместо 800,00\xa0₽, по расчёту компании"
        ]

    def test_a_service_that_is_new(self):
        upkeep = dataclasses.replace(
            self.line("1", "100"), service_code="upkeep", service_name="Техобслуживание"
        )
        now = document_of((self.line("10", "10"), upkeep))
        found = comparison_of(now, document_of((self.line("10", "10"),), month_after(MAY, -12)))
        assert [one.label for one in found.changes] == [
            "Техобслуживание: начислено 100,00\xa0₽, а год назад не начисляли"
        ]

    def test_a_longer_time_and_an_estimate(self):
        def meter(days: int, **fields: bool) -> MeterDifference:
            last = DAY(2026, 4, 25)
            begin = last - datetime.timedelta(days=days)
            return MeterDifference("1", Decimal(0), begin, Decimal(200), last, **fields)

        found = self.compared(
            self.line("200", "9", meter=meter(61, is_calculated=True)),
            self.line("100", "8", meter=meter(30)),
        )
        assert found.notes == (
            "Между показаниями прошло больше времени: 61\xa0день, а год назад — 30\xa0дней.",
            "Показание на 25\xa0апреля\xa02026\xa0г. рассчитала компания: со счётчика его не снимали.",
        )
        assert (
            self.compared(
                self.line("200", "9", meter=meter(39)), self.line("100", "8", meter=meter(30))
            ).notes
            == ()
        )


class TestPenalty:
    """By days and rates, where that is billing's own sum to the kopeck."""

    @pytest.fixture
    def fund(self, pskov):
        pskov.kind = "capital_repair"
        pskov.save()
        return pskov

    def charged(self, account: PersonalAccount, penalty: str, paid: str = "0.00") -> None:
        """January's 1000 ₽ are in February's bill, due on 10 February: April has days 50 to 79."""
        names = {"service": "fee", "service_name": "Взнос", "unit": ""}
        make_charge(account, DAY(2026, 1, 1), accrued="1000.00", **names)
        make_charge(account, DAY(2026, 2, 1), opening="1000.00", **names)
        make_charge(account, DAY(2026, 3, 1), opening="1000.00", **names)
        make_charge(account, APRIL, opening="1000.00", paid=paid, **names)
        make_charge(account, APRIL, kind="penalty", accrued=penalty, **names)
        make_charge(account, MAY, opening=str(Decimal(1000) - Decimal(paid)), **names)
        make_charge(account, MAY, kind="penalty", opening=penalty, **names)

    def test_what_is_billings_sum_is_shown_by_days(self, fund, account):
        self.charged(account, "9.50")  # 1000 × 9.5 % ÷ 300 × 30 days
        shown = words(explained(account, MAY))
        rule = "Первые 30 дней просрочки пени не начисляют, затем — 1/300 ставки Банка России"
        assert rule in shown
        assert "1 000,00 ₽ × 9,5 % ÷ 300 × 30 дней = 9,50 ₽" in shown
        assert "квитанция за февраль 2026 г., срок оплаты — 10 февраля 2026 г." in shown

    def test_days_count_from_the_moved_due_day(self, fund, account):
        CalendarDay.objects.create(day=DAY(2026, 2, 10), kind="moved", source="-")
        CalendarDay.objects.create(day=DAY(2026, 3, 31), kind="moved", source="-")
        self.charged(account, "9.50")
        assert "срок оплаты — 11 февраля 2026 г." in words(explained(account, MAY))

    def test_a_payment_ends_the_days(self, fund, account):
        self.charged(account, "3.17", paid="1000.00")
        BillingPayment.objects.create(
            payment_id="1", account=account, paid_on=DAY(2026, 4, 10), amount=1000, source="Банк"
        )
        assert "× 10 дней = 3,17 ₽" in words(explained(account, MAY))

    def test_the_first_days_are_free(self, fund, account):
        """Day 31 of a bill due on 10 February is 13 March: February and most of March cost nothing."""
        names = {"service": "fee", "service_name": "Взнос", "unit": ""}
        march = DAY(2026, 3, 1)
        make_charge(account, DAY(2026, 1, 1), accrued="1000.00", **names)
        make_charge(account, march, opening="1000.00", **names)
        make_charge(account, march, kind="penalty", accrued="6.02", **names)
        make_charge(account, APRIL, opening="1000.00", **names)
        make_charge(account, APRIL, kind="penalty", opening="6.02", **names)
        assert "× 19 дней = 6,02 ₽" in words(explained(account, APRIL))

    @pytest.mark.parametrize("penalty", ["9.51", "9.49", "100.00"])
    def test_another_sum_is_the_companys(self, fund, account, penalty):
        self.charged(account, penalty)
        shown = words(explained(account, MAY))
        assert f"Пени {penalty.replace('.', ',')} ₽ начислены по расчёту фонда." in shown
        assert "÷" not in shown and "1/300 ставки" in shown

    def test_a_stale_rate_shows_no_sum(self, fund, account):
        LegalRecord.objects.filter(code="penalty_rate_cap").delete()
        self.charged(account, "9.50")
        assert "начислены по расчёту фонда" in words(explained(account, MAY))

    def test_a_debt_that_the_months_do_not_make_up(self, fund, account):
        self.charged(account, "9.50")
        account.charges.filter(period=DAY(2026, 1, 1)).delete()
        assert "начислены по расчёту фонда" in words(explained(account, MAY))


def test_gas_has_two_steps_of_penalty(pskov_sample):
    account = PersonalAccount.objects.get(account_number="815331")
    shown = words(explained(account, NOVEMBER))
    assert "Пени 24,62 ₽ начислены по расчёту компании." in shown
    assert "затем до 90-го дня — 1/300 ставки Банка России за каждый день, дальше — 1/130." in shown


def test_every_bill_of_novgorod(novgorod):
    connection.set_tenant(novgorod)
    package_apply(company=novgorod, path=SAMPLES / "novgorod")
    for account in PersonalAccount.objects.filter(account_number__in=["510080", "512007"]):
        for back in range(24):
            for document in bill_documents([account], month_after(NOVEMBER, -back)):
                assert_true(bill_explanation(account, document))


def test_the_first_bill_has_no_month_before(account):
    make_charge(account, MAY, opening="1108.50")
    shown = words(explained(account, MAY))
    assert "Остаток с прошлых месяцев, по данным компании 1 108,50 ₽ К оплате на 1 мая" in shown


def test_a_delegate_sees_the_end_of_the_meters_number(account):
    meter = account.meters.get()
    make_reading(meter, 2000, DAY(2026, 3, 25))
    make_reading(meter, 2010, DAY(2026, 4, 25))
    make_charge(account, APRIL, accrued="73.90", volume=Decimal(10), tariff=Decimal("7.39"))
    make_charge(account, MAY, opening="73.90")
    document = bill_document(account, MAY, 1)
    own = words(bill_explanation(account, document))
    assert "По счётчику № 07416852 было 2 000 м³" in own
    masked = words(bill_explanation(account, document, masked=True))
    assert f"По счётчику № {meter.masked_number} было 2 000 м³" in masked
    assert "7416852" not in masked


def test_queries_do_not_grow_with_months_and_services(account):
    def count(one: PersonalAccount) -> int:
        document = bill_document(one, MAY, 1)
        with CaptureQueriesContext(connection) as captured:
            bill_explanation(one, document)
        return len(captured)

    def charge(one: PersonalAccount, service: str, months: int) -> None:
        for back in range(months):
            month = month_after(APRIL, -back)
            make_charge(one, month, service=service, accrued="1.00")
            make_charge(one, month, service=service, kind="penalty", accrued="1.00")

    many = make_account("2")
    make_meter(many, "m-2")
    charge(account, "a", 14)
    for service in "abcde":
        charge(many, service, 24)
    count(account)
    assert count(account) == count(many)
