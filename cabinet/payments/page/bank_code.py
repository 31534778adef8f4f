"""The code of ГОСТ Р 56042-2014 for the app of any bank: a way to pay that needs no shop."""

import datetime
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils import timezone

from cabinet.accounts.models import PersonalAccount
from cabinet.bills.models import BillSettings
from cabinet.bills.pdf.payment_code import payment_code
from cabinet.bills.selectors import payee_of_company, payer_of
from portal.connection import current_schema
from portal.formats.dates import month_after
from portal.secrets import SignedToken
from tenants.models import GasCompany
from tenants.schemas import in_company
from tenants.selectors import company_can_serve

# A page that stays open may still be asked for the file. Its own company's or, of a guest, another's.
_TOKEN = SignedToken("payments.bank_code", datetime.timedelta(hours=12), any_schema=True)


@dataclass(frozen=True)
class BankCode:
    """What a code pays; `for_guest`: it says nothing that a guest has not typed. ₽."""

    account: PersonalAccount
    principal: Decimal
    penalty: Decimal
    month: datetime.date
    for_guest: bool

    @property
    def total(self) -> Decimal:
        return self.principal + self.penalty

    @property
    def token(self) -> str:
        """Return what its picture is asked for by: no name or number is in the address."""
        return _TOKEN.make(
            [
                current_schema(),
                self.account.pk,
                str(self.principal),
                str(self.penalty),
                self.month.isoformat(),
                self.for_guest,
            ]
        )

    def content(self) -> bytes | None:
        """Return the code's text; None while the company's requisites lack something."""
        payee = payee_of_company()
        if payee is None or self.total <= 0:
            return None
        payer = payer_of(self.account)
        if self.for_guest:
            unknown = ("last_name", "first_name", "patronymic", "address")
            numbers = ("unified_account_number", "gku_id")
            payer = replace(payer, **dict.fromkeys((*unknown, *numbers), ""))  # type: ignore[arg-type]
        settings = BillSettings.objects.filter(site__is_default_site=True).first()
        return payment_code(
            payee,
            payer,
            total=self.total,
            penalty=self.penalty,
            month=self.month,
            encoding=(settings or BillSettings()).encoding,
        )


def bank_code_of(
    account: PersonalAccount,
    principal: Decimal,
    penalty: Decimal,
    *,
    month: datetime.date | None = None,
    for_guest: bool = False,
) -> BankCode | None:
    """Return the code of an account and sums, whose company's schema is entered; None where it has none.

    `month`: what is paid for, by default the last one that is over.
    """
    month = month or month_after(timezone.localdate(), -1)
    code = BankCode(account, principal, penalty, month, for_guest)
    return None if code.content() is None else code


def bank_code_content(token: str) -> bytes | None:
    """Return the text of the code that a page has shown; None for a forged or old token."""
    content = _TOKEN.read(token)
    if content is None:
        return None
    schema, account_pk, principal, penalty, month, for_guest = content
    company = GasCompany.objects.filter(schema_name=schema).first()
    if company is None or not company_can_serve(company):
        return None
    with in_company(company):
        account = PersonalAccount.objects.filter(pk=account_pk).first()
        if account is None:
            return None
        sums = Decimal(principal), Decimal(penalty)
        day = datetime.date.fromisoformat(month)
        return BankCode(account, *sums, day, for_guest).content()
