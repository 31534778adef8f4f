import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cabinet.accounts.models import PersonalAccount
from portal.jobs import Job

COMMON_BILL = "общая"


class TransactionNumberField(models.Field):  # type: ignore[type-arg]
    """The number of one of PostgreSQL's transactions, of the type that `xmin` has: equal or not."""

    def db_type(self, connection: object) -> str:
        return "xid"


def money(label: Any, **kwargs: Any) -> "models.DecimalField[Any, Any]":
    """Return a field of ₽ with kopecks."""
    return models.DecimalField(label, max_digits=12, decimal_places=2, **kwargs)


class FileAsOf(models.Model):
    """The moment for which the stored rows of a file of the exchange hold."""

    file = models.CharField(_("файл"), max_length=40, primary_key=True)
    as_of = models.DateTimeField(_("данные на"))

    class Meta:
        verbose_name = _("срок данных")
        verbose_name_plural = _("сроки данных")
        default_permissions = ()

    def __str__(self) -> str:
        return self.file


class Charge(models.Model):
    """начисление: a month of one service of an account, as billing closed it.

    The principal and its penalty are rows of their own. `bill_kind` tells apart several bills of a month.
    """

    class Kind(models.TextChoices):
        PRINCIPAL = "principal", _("основной долг")
        PENALTY = "penalty", _("пени")

    # Without a key in the database: the import has checked every account by one statement, nothing
    # deletes accounts, and a trigger for each of a million rows is a quarter of the import's time.
    account = models.ForeignKey(
        PersonalAccount,
        on_delete=models.PROTECT,
        related_name="charges",
        db_constraint=False,
        db_index=False,
    )
    period = models.DateField(_("месяц"))  # its first day
    service_code = models.CharField(_("код услуги"), max_length=50)
    kind = models.CharField(_("вид долга"), max_length=10, choices=Kind.choices)
    bill_kind = models.CharField(_("квитанция"), max_length=50, default=COMMON_BILL)
    service_name = models.CharField(_("услуга"), max_length=200)
    tariff = models.DecimalField(
        _("тариф, ₽ за единицу"), max_digits=14, decimal_places=6, null=True, blank=True
    )
    opening_balance = money(_("входящее сальдо, ₽"))
    accrued = money(_("начислено, ₽"))
    recalculated = money(_("перерасчёт, ₽"))
    recalculation_reason = models.CharField(_("причина перерасчёта"), max_length=500, blank=True)
    acts = money(_("в том числе по актам, ₽"), default=0)
    quality_deduction = money(_("снято за качество, ₽"))
    corrected = money(_("корректировки, ₽"), default=0)
    written_off = money(_("списано, ₽"), default=0)
    paid = money(_("оплачено, ₽"))
    closing_balance = money(_("исходящее сальдо, ₽"))
    volume = models.DecimalField(_("объём"), max_digits=12, decimal_places=3, null=True, blank=True)
    unit = models.CharField(_("единица объёма"), max_length=20, blank=True)
    # The line of billing's file that the row was made of, and the transaction that did it
    # (docs/decisions/0022-lines-that-are-known.md).
    line_hash = models.UUIDField(null=True, editable=False)
    line_transaction = TransactionNumberField(null=True, editable=False)

    class Meta:
        verbose_name = _("начисление")
        verbose_name_plural = _("начисления")
        constraints = [
            # The newest month of each service, kind and bill, all months of an account, and the
            # import's own look-up: one index, because each more costs the import its share.
            models.UniqueConstraint(
                fields=["account", "service_code", "kind", "bill_kind", "period"],
                name="charge_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    closing_balance=F("opening_balance")
                    + F("accrued")
                    + F("recalculated")
                    - F("quality_deduction")
                    + F("corrected")
                    - F("written_off")
                    - F("paid")
                ),
                name="charge_adds_up",
            ),
            models.CheckConstraint(condition=Q(period__day=1), name="charge_first_of_month"),
            # Not IN: PostgreSQL describes that of a copied schema in other words than of this one.
            models.CheckConstraint(
                condition=Q(kind="principal") | Q(kind="penalty"), name="charge_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_name}, {self.period:%m.%Y}"


class BillingPayment(models.Model):
    """A payment as billing has it, whatever way it came; the portal's own bear the portal's id."""

    payment_id = models.CharField(_("номер платежа"), max_length=100, unique=True)
    account = models.ForeignKey(
        PersonalAccount, on_delete=models.PROTECT, related_name="billing_payments", db_index=False
    )
    paid_on = models.DateField(_("дата"))
    amount = money(_("сумма, ₽"))
    kind = models.CharField(_("вид"), max_length=50, blank=True)
    source = models.CharField(_("источник"), max_length=100)

    class Meta:
        verbose_name = _("платёж по данным биллинга")
        verbose_name_plural = _("платежи по данным биллинга")
        indexes = [models.Index(fields=["account", "-paid_on"], name="billing_payment_account")]

    def __str__(self) -> str:
        return self.payment_id


class SumCount(Job):
    """The count of common sums (`common_sums`): one row a company, due again after each package of money."""

    TASK = "cabinet.billing.tasks.common_sums_count"
    LEASE = datetime.timedelta(minutes=30)
    SESSION_LOCK = True
    ON_GIVE_UP: ClassVar[dict[str, Any]] = {"counted_at": None}

    counted_at = models.DateTimeField(_("подсчитано"), null=True, blank=True)

    class Meta(Job.Meta):
        verbose_name = _("подсчёт частых сумм")
        verbose_name_plural = _("подсчёты частых сумм")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)


class CommonSum(models.Model):
    """A sum that more accounts have than a proof of linking allows."""

    proof = models.CharField(_("способ подтверждения"), max_length=10)
    amount = money(_("сумма, ₽"))
    accounts = models.BigIntegerField(_("лицевых счетов"))

    class Meta:
        verbose_name = _("частая сумма")
        verbose_name_plural = _("частые суммы")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["proof", "amount"], name="common_sum_once")]

    def __str__(self) -> str:
        return f"{self.amount}"
