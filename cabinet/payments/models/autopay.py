import datetime
import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField

from cabinet.accounts.models import PersonalAccount
from cabinet.billing.models import money
from cabinet.payments.models.payments import Payment
from portal.jobs import Job


class AutoPayment(models.Model):
    """автоплатёж: a person lets the portal pay an account on a day of the month, up to a limit.

    `day` is 1–28, NULL «когда появится квитанция». Its key is the `form_key` of the payment of 1.00 ₽ that
    saves the method. `method_id` is the provider's saved method; it is wiped when the autopay ends, for
    whatever reason (376-ФЗ). A row that is off stays without its person: it shows what was consented to.
    """

    class State(models.TextChoices):
        STARTING = "starting", _("ждёт платежа 1 ₽")
        ON = "on", _("включён")
        OFF = "off", _("выключен")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subscriber_id = models.UUIDField(_("абонент"), null=True)
    link_id = models.UUIDField(null=True)
    account = models.ForeignKey(
        PersonalAccount, on_delete=models.PROTECT, related_name="autopayments"
    )
    limit = money(_("не больше, ₽"))
    day = models.SmallIntegerField(_("день месяца"), null=True, blank=True)
    # The payer's own declaration: the portal takes no commission from pensioners and others.
    is_exempt = models.BooleanField(_("без комиссии по заявлению"), default=False)
    email = EncryptedTextField(_("адрес для чека"), null=True, blank=True)
    method_id = EncryptedTextField(null=True, editable=False)
    method_title = models.CharField(_("способ"), max_length=100, blank=True)
    state = models.CharField(
        _("состояние"), max_length=10, choices=State.choices, default=State.STARTING
    )
    off_reason = models.CharField(_("почему выключен"), max_length=50, blank=True)
    # In the ledger of consents, which is in public.
    consent_id = models.UUIDField(null=True, editable=False)
    # With a day: the next one that nothing was planned for yet.
    next_due_on = models.DateField(_("следующий платёж"), null=True, blank=True)
    # Without a day: the month of the last bill that is known, and billing's data that were looked at for it.
    billed_month = models.DateField(_("последняя квитанция"), null=True, blank=True)
    looked_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(_("подключён"), auto_now_add=True)
    ended_at = models.DateTimeField(_("выключен"), null=True, blank=True)

    class Meta:
        verbose_name = _("автоплатёж")
        verbose_name_plural = _("автоплатежи")
        default_permissions = ()
        indexes = [
            models.Index(fields=["subscriber_id"], name="autopay_person"),
            models.Index(fields=["next_due_on"], name="autopay_due", condition=Q(state="on")),
        ]
        constraints = [
            # One an account that is not off: two people's would pay twice.
            models.UniqueConstraint(
                fields=["account"], name="autopay_account_once", condition=~Q(state="off")
            ),
            models.CheckConstraint(
                condition=Q(day__isnull=True) | Q(day__gte=1, day__lte=28), name="autopay_day"
            ),
            models.CheckConstraint(
                condition=~Q(state="off") | Q(method_id__isnull=True, email__isnull=True),
                name="autopay_off_is_wiped",
            ),
            models.CheckConstraint(
                condition=~Q(state="on") | Q(method_id__isnull=False, subscriber_id__isnull=False),
                name="autopay_on_can_pay",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class AutoPaymentRun(Job):
    """A day of an autopay: what was decided and done on it. One a day and account, whatever clocks do.

    As a job it is due the day before, when its person is warned, and on the day. `ordinal` counts the tries
    to pay the same: each has a day of its own.
    """

    class Outcome(models.TextChoices):
        OPEN = "", _("ещё нет")
        PAID = "paid", _("оплачено")
        NOTHING_DUE = "nothing", _("платить нечего")
        OVER_LIMIT = "limit", _("больше лимита")
        ASKED = "asked", _("спросили абонента")
        DECLINED = "declined", _("не удалось списать")
        SKIPPED = "skipped", _("пропущен")

    TASK = "cabinet.payments.tasks.autopay_run"
    LEASE = datetime.timedelta(minutes=5)
    ON_GIVE_UP: ClassVar[dict[str, Any]] = {"outcome": "skipped", "reason": "error"}

    autopayment = models.ForeignKey(AutoPayment, on_delete=models.CASCADE, related_name="runs")
    account = models.ForeignKey(PersonalAccount, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(_("день"))
    ordinal = models.PositiveSmallIntegerField(_("попытка"), default=1)
    payment = models.ForeignKey(
        Payment, null=True, blank=True, on_delete=models.PROTECT, related_name="autopay_runs"
    )
    outcome = models.CharField(_("исход"), max_length=10, choices=Outcome.choices, blank=True)
    amount = money(_("сумма, ₽"), null=True, blank=True)
    reason = models.CharField(_("причина"), max_length=100, blank=True)
    warned_at = models.DateTimeField(_("предупредили"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(Job.Meta):
        verbose_name = _("день автоплатежа")
        verbose_name_plural = _("дни автоплатежа")
        default_permissions = ()
        indexes = [
            *Job.Meta.indexes,
            # Given up by the worker, and its person does not know.
            models.Index(fields=["due_on"], name="autopay_error", condition=Q(reason="error")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["account", "due_on"], name="autopay_run_once")
        ]

    def __str__(self) -> str:
        return f"{self.due_on}"
