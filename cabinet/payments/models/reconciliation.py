import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cabinet.billing.models import money
from cabinet.payments.models.payments import Payment
from cabinet.payments.models.refunds import Refund
from portal.jobs import Job


class Reconciliation(Job):
    """A night's comparison of a day: our ledger, the provider's list, billing's payments."""

    TASK = "cabinet.payments.tasks.reconciliation_run"
    LEASE = datetime.timedelta(minutes=30)

    day = models.DateField(_("день"), unique=True)
    matched = models.IntegerField(_("сошлось"), default=0)
    matched_sum = money(_("на сумму, ₽"), default=0)
    found = models.IntegerField(_("расхождений"), default=0)
    done_at = models.DateTimeField(_("сверено"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(Job.Meta):
        verbose_name = _("сверка")
        verbose_name_plural = _("сверки")
        default_permissions = ("view", "add")

    def __str__(self) -> str:
        return f"{self.day}"


class Difference(models.Model):
    """Something that a reconciliation has found: closed by a later one, or by a cashier with a note.

    `key` is the kind and what it is about: found again, it is the same row. One that a cashier has closed
    opens again only if the sums or states have changed since.
    """

    class Kind(models.TextChoices):
        NOT_HERE = "not_here", _("есть в платёжном сервисе, нет у нас")
        NOT_THERE = "not_there", _("есть у нас, нет в платёжном сервисе")
        OTHER_SUM = "other_sum", _("суммы различаются")
        OTHER_STATE = "other_state", _("состояния различаются")
        NOT_IN_BILLING = "not_in_billing", _("биллинг не учёл")
        BILLING_OTHER_SUM = "billing_sum", _("в биллинге другая сумма")
        BILLING_OTHER_ACCOUNT = "billing_account", _("в биллинге другой лицевой счёт")
        BILLING_ONLY = "billing_only", _("биллинг знает, а у нас нет")

    reconciliation = models.ForeignKey(
        Reconciliation, on_delete=models.CASCADE, related_name="differences"
    )
    key = models.CharField(max_length=130, unique=True, editable=False)
    kind = models.CharField(_("вид"), max_length=20, choices=Kind.choices)
    payment = models.ForeignKey(
        Payment, null=True, blank=True, on_delete=models.PROTECT, related_name="differences"
    )
    refund = models.ForeignKey(
        Refund, null=True, blank=True, on_delete=models.PROTECT, related_name="differences"
    )
    provider_id = models.CharField(_("номер в платёжном сервисе"), max_length=50, blank=True)
    billing_id = models.CharField(_("номер в биллинге"), max_length=100, blank=True)
    ours = money(_("у нас, ₽"), null=True, blank=True)
    theirs = money(_("у них, ₽"), null=True, blank=True)
    facts = models.JSONField(default=dict)
    seen_at = models.DateTimeField(_("видели в последний раз"), auto_now_add=True)
    created_at = models.DateTimeField(_("найдено"), default=timezone.now)
    closed_at = models.DateTimeField(_("закрыто"), null=True, blank=True)
    closed_by = models.CharField(_("кто закрыл"), max_length=150, blank=True)
    note = models.CharField(_("пометка"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("расхождение")
        verbose_name_plural = _("расхождения")
        default_permissions = ("view", "change")
        indexes = [models.Index(fields=["closed_at", "-created_at"], name="difference_open")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
