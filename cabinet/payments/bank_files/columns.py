"""The columns that a registry of payments can have; a profile says which, and in what order."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cabinet.accounts.typed import full_name
from cabinet.payments.models import Payment, PaymentRegistryProfile
from cabinet.payments.refunds.sums import Sums
from portal.formats.numbers import NO_BREAK
from portal.formats.places import address_in_town

Value = str | int | Decimal | datetime.date | datetime.time | None


@dataclass(frozen=True)
class RegistryColumn:
    """`value` makes the field of a payment and of what is left of it after refunds; sums are ₽."""

    title: str | Promise
    value: Callable[[Payment, Sums], Value]
    is_sum: bool = False


def _paid_on(payment: Payment, left: Sums) -> datetime.date | None:
    return timezone.localdate(payment.paid_at) if payment.paid_at else None


def _paid_time(payment: Payment, left: Sums) -> datetime.time | None:
    return timezone.localtime(payment.paid_at).time() if payment.paid_at else None


def _payer(payment: Payment, left: Sums) -> str:
    account = payment.account
    return full_name(account.last_name, account.first_name, account.patronymic)


COLUMNS: dict[str, RegistryColumn] = {
    "account_number": RegistryColumn(
        _("номер лицевого счёта"), lambda payment, left: payment.account.account_number
    ),
    "unified_account_number": RegistryColumn(
        _("единый лицевой счёт"), lambda payment, left: payment.account.unified_account_number
    ),
    "gku_id": RegistryColumn(_("идентификатор ЖКУ"), lambda payment, left: payment.account.gku_id),
    "payer": RegistryColumn(_("ФИО по лицевому счёту"), _payer),
    "address": RegistryColumn(
        _("адрес"),
        lambda payment, left: address_in_town(payment.account.address).replace(NO_BREAK, " "),
    ),
    "paid_on": RegistryColumn(_("дата оплаты"), _paid_on),
    "paid_time": RegistryColumn(_("время оплаты"), _paid_time),
    "credited": RegistryColumn(
        _("зачислено на счёт"), lambda payment, left: left.credited, is_sum=True
    ),
    "principal": RegistryColumn(
        _("в том числе услуги"), lambda payment, left: left.principal, is_sum=True
    ),
    "penalty": RegistryColumn(
        _("в том числе пени"), lambda payment, left: left.penalty, is_sum=True
    ),
    "commission": RegistryColumn(
        _("комиссия портала"), lambda payment, left: left.commission, is_sum=True
    ),
    "amount": RegistryColumn(
        _("сумма платежа с комиссией"), lambda payment, left: left.total, is_sum=True
    ),
    "income": RegistryColumn(
        _("к перечислению компании"),
        lambda payment, left: payment.income if payment.income is not None else left.total,
        is_sum=True,
    ),
    "number": RegistryColumn(_("номер платежа на портале"), lambda payment, left: payment.pk),
    "payment_id": RegistryColumn(
        _("номер платежа для биллинга"), lambda payment, left: str(payment.payment_id)
    ),
    "provider_id": RegistryColumn(
        _("номер в платёжном сервисе"), lambda payment, left: payment.provider_id
    ),
    "method": RegistryColumn(
        _("способ оплаты"), lambda payment, left: str(payment.get_method_display())
    ),
    "transferred_on": RegistryColumn(
        _("дата перечисления"),
        lambda payment, left: payment.transfer.transferred_on if payment.transfer else None,
    ),
    "order_number": RegistryColumn(
        _("номер платёжного поручения"),
        lambda payment, left: payment.transfer.number if payment.transfer else None,
    ),
}
SUMS = tuple(name for name, column in COLUMNS.items() if column.is_sum)
# By any of these a line of somebody else's registry is known for one of our payments.
IDENTIFIERS = ("payment_id", "provider_id", "number")
COUNT = "count"


def field_text(profile: PaymentRegistryProfile, value: Value) -> str:
    """Return a field as the profile has it: no separator and no line break stands in it."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:.2f}".replace(".", profile.decimal_mark)
    if isinstance(value, datetime.time):
        return f"{value:%H:%M:%S}"
    if isinstance(value, datetime.date):
        return value.strftime(profile.date_format)
    return " ".join(str(value).replace(profile.separator, " ").split())
