import datetime
import uuid
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField

from cabinet.accounts.models import PersonalAccount
from cabinet.billing.models import money
from cabinet.payments.models.shops import Shop
from portal.jobs import Job


class Payment(Job):
    """One attempt to pay an account: stored with its frozen request before the provider hears of it.

    `principal` and `penalty` are what the account is credited with, `commission` what it costs besides;
    `amount` is sent to the provider. `state` changes in `lifecycle/transitions.py` alone. As a job it is
    the poller's: due while its outcome is open, claimed while the request to create it is under way, never
    given up. `payment_id` is its name for billing and in the provider's metadata, `return_key` opens its
    page for whoever has it.
    """

    class State(models.TextChoices):
        CREATED = "created", _("создан")  # the provider may not know of it yet
        PENDING = "pending", _("обрабатывается")  # the provider has it
        UNKNOWN = "unknown", _("исход неизвестен")  # no answer: the provider may have it
        SUCCEEDED = "succeeded", _("оплачен")
        CANCELED = "canceled", _("отменён")  # the provider says so, with a reason
        FAILED = "failed", _("не начат")  # the provider surely has no such payment

    class Channel(models.TextChoices):
        CABINET = "cabinet", _("личный кабинет")
        GUEST = "guest", _("без регистрации")
        AUTOPAY = "autopay", _("автоплатёж")

    class Purpose(models.TextChoices):
        PAYMENT = "payment", _("платёж")
        SAVING = "saving", _("подключение автоплатежа")  # 1.00 ₽ that saves the method

    class Method(models.TextChoices):
        CARD = "card", _("банковская карта")
        SBP = "sbp", _("СБП")
        SBP_QR = "sbp_qr", _("QR-код СБП")
        SAVED = "saved", _("сохранённый способ")

    TASK = "cabinet.payments.tasks.payment_sync"
    LEASE = datetime.timedelta(minutes=3)  # a call takes two at most

    payment_id = models.UUIDField(_("номер для биллинга"), default=uuid.uuid4, unique=True)
    return_key = models.CharField(max_length=43, unique=True, editable=False)
    # Of the form that was sent: sent five times, it is one payment.
    form_key = models.UUIDField(unique=True)
    account = models.ForeignKey(PersonalAccount, on_delete=models.PROTECT, related_name="payments")
    channel = models.CharField(_("откуда"), max_length=10, choices=Channel.choices)
    purpose = models.CharField(
        _("назначение"), max_length=10, choices=Purpose.choices, default=Purpose.PAYMENT
    )
    # The person of the cabinet and the link that it was made by; NULL for a guest, and when they are gone.
    subscriber_id = models.UUIDField(_("абонент"), null=True, blank=True)
    link_id = models.UUIDField(null=True, blank=True)

    principal = money(_("услуги, ₽"))
    penalty = money(_("пени, ₽"), default=Decimal(0))
    commission = money(_("комиссия, ₽"), default=Decimal(0))
    commission_collector = models.CharField(
        _("комиссию берёт"), max_length=10, choices=Shop.Collector.choices, blank=True
    )
    is_exempt = models.BooleanField(_("без комиссии по заявлению"), default=False)
    amount = money(_("сумма, ₽"))
    method = models.CharField(_("способ"), max_length=10, choices=Method.choices)
    # For the receipt; wiped with the request.
    email = EncryptedTextField(_("адрес для чека"), null=True, blank=True)
    # What was being paid, as the page has shown it: services, sums, as of when, recipient.
    paid_for = models.JSONField(_("что оплачивали"), default=dict)

    provider = models.CharField(_("платёжный сервис"), max_length=20)
    shop_id = models.CharField(_("магазин"), max_length=20)
    # NULL, not empty: it is unique once the provider has given it.
    provider_id = models.CharField(  # noqa: DJ001
        _("номер в платёжном сервисе"), max_length=50, null=True, blank=True
    )
    idempotency_key = models.CharField(max_length=64, unique=True, editable=False)
    # JSON, exactly as it is sent; wiped a while after the end. Its SHA-256 stays.
    body = EncryptedTextField(null=True, editable=False)
    body_hash = models.CharField(max_length=64, editable=False)
    # The first request was about to be made.
    sent_at = models.DateTimeField(_("отправлен сервису"), null=True, blank=True)
    # The provider was last asked, or about to be.
    asked_at = models.DateTimeField(_("спрашивали сервис"), null=True, blank=True)
    confirmation_url = models.TextField(blank=True, editable=False)
    confirmation_data = models.TextField(blank=True, editable=False)  # of a QR code

    state = models.CharField(
        _("состояние"), max_length=10, choices=State.choices, default=State.CREATED
    )
    # The provider's words: who has canceled it and why; and its whole last answer.
    cancellation_party = models.CharField(_("кто отменил"), max_length=50, blank=True)
    cancellation_reason = models.CharField(_("причина отмены"), max_length=100, blank=True)
    provider_state = models.JSONField(_("ответ сервиса"), default=dict, editable=False)
    # What of the provider's last answer is not as it was ordered: such an answer credits nothing.
    mismatch = models.CharField(_("не совпало"), max_length=100, blank=True)
    receipt_state = models.CharField(_("чек"), max_length=20, blank=True)
    income = money(_("поступит компании, ₽"), null=True, blank=True)

    created_at = models.DateTimeField(_("создан"), auto_now_add=True)
    paid_at = models.DateTimeField(_("оплачен"), null=True, blank=True)
    ended_at = models.DateTimeField(_("исход известен"), null=True, blank=True)
    transfer = models.ForeignKey(
        "Transfer",
        verbose_name=_("перечисление"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="payments",
    )

    class Meta(Job.Meta):
        verbose_name = _("платёж")
        verbose_name_plural = _("платежи")
        default_permissions = ("view",)
        indexes = [
            *Job.Meta.indexes,
            models.Index(fields=["account", "-created_at"], name="payment_account"),
            models.Index(fields=["-created_at"], name="payment_created"),
            models.Index(
                fields=["-paid_at"], name="payment_paid", condition=Q(paid_at__isnull=False)
            ),
            # What waits for somebody is a few among millions.
            models.Index(
                fields=["sent_at"],
                name="payment_open",
                condition=Q(state__in=["created", "pending", "unknown"]),
            ),
            models.Index(fields=["created_at"], name="payment_mismatch", condition=~Q(mismatch="")),
            models.Index(
                fields=["paid_at"],
                name="payment_untransferred",
                condition=Q(state="succeeded", transfer__isnull=True),
            ),
            models.Index(
                fields=["subscriber_id"],
                name="payment_person",
                condition=Q(subscriber_id__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "provider_id"],
                name="payment_provider_once",
                condition=Q(provider_id__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(principal__gte=0, penalty__gte=0, commission__gte=0, amount__gt=0),
                name="payment_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(
                    commission_collector="portal",
                    amount=F("principal") + F("penalty") + F("commission"),
                )
                | (~Q(commission_collector="portal") & Q(amount=F("principal") + F("penalty"))),
                name="payment_adds_up",
            ),
            models.CheckConstraint(
                condition=~Q(state="succeeded")
                | Q(provider_id__isnull=False, paid_at__isnull=False),
                name="payment_succeeded_with_id",
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.pk}"

    @property
    def queue(self) -> str | None:
        return "urgent" if self.state == self.State.CREATED else None

    @property
    def credited(self) -> Decimal:
        """Return what the account is credited with, ₽."""
        credited: Decimal = self.principal + self.penalty
        return credited

    @property
    def commission_taken(self) -> Decimal:
        """Return the commission that is part of `amount`, ₽: the bank takes its own past the portal."""
        is_portals = self.commission_collector == Shop.Collector.PORTAL
        return self.commission if is_portals else Decimal("0.00")

    @property
    def is_open(self) -> bool:
        """Return whether its outcome is still to come."""
        return self.state in IN_FLIGHT


IN_FLIGHT = (Payment.State.CREATED, Payment.State.PENDING, Payment.State.UNKNOWN)
