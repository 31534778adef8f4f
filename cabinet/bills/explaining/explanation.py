"""A bill explained: its sum step by step, its lines, and why it is higher than a year ago."""

from dataclasses import dataclass

from cabinet.accounts.models import PersonalAccount
from cabinet.accounts.selectors import billing_snapshot
from cabinet.billing.selectors.lines import Sums
from cabinet.bills.documents import BillDocument, BillLine
from cabinet.bills.explaining.comparison import Comparison, comparison_of
from cabinet.bills.explaining.lines import (
    LineExplanation,
    Readers,
    change_sentences,
    line_sentences,
)
from cabinet.bills.explaining.penalties import penalty_facts, penalty_sentences
from cabinet.bills.explaining.steps import Step, bill_steps, line_steps
from cabinet.bills.selectors import bill_documents
from portal.formats.dates import month_after
from tenants.models import GasCompany
from tenants.selectors import company_entered

A_YEAR = 12


@dataclass(frozen=True)
class Explanation:
    """`steps` add up to the bill's sum. `comparison`: where it is much higher than a year ago."""

    document: BillDocument
    steps: tuple[Step, ...]
    lines: tuple[LineExplanation, ...]
    comparison: Comparison | None
    is_fund: bool


def bill_explanation(
    account: PersonalAccount, document: BillDocument, *, masked: bool = False
) -> Explanation:
    """Return the explanation of an account's bill; `masked`: for a delegate, who sees the ends of numbers.

    A fixed number of queries, and a fixed number more where a penalty was charged.
    """
    with billing_snapshot():
        company = company_entered()
        return Explanation(
            document=document,
            steps=bill_steps(document),
            lines=_lines(account, document, company, masked=masked),
            comparison=comparison_of(document, _a_year_ago(account, document)),
            is_fund=not company.is_gas,
        )


def _lines(
    account: PersonalAccount, document: BillDocument, company: GasCompany, *, masked: bool
) -> tuple[LineExplanation, ...]:
    readers = Readers(masked=masked, is_fund=not company.is_gas)
    facts = penalty_facts(account, document, company)

    def sentences(line: BillLine) -> tuple[str, ...]:
        if line.is_penalty and not line.is_ended:
            return (*penalty_sentences(line, document, facts), *change_sentences(line))
        return line_sentences(line, document.payer, account.norm_volume, readers)

    shown = [line for line in document.lines if line.sums != Sums()]
    is_only = len(shown) == 1
    return tuple(
        LineExplanation(
            name=line.service_name,
            accrued=line.sums.accrued,
            is_penalty=line.is_penalty,
            sentences=sentences(line),
            steps=() if is_only else line_steps(line, document.explained_month),
        )
        for line in shown
    )


def _a_year_ago(account: PersonalAccount, document: BillDocument) -> BillDocument | None:
    documents = bill_documents([account], month_after(document.month, -A_YEAR))
    return next((one for one in documents if one.bill_kind == document.bill_kind), None)
