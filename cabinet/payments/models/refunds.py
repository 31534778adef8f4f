import datetime
import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField

from cabinet.billing.models import money
from cabinet.payments.models.payments import Payment
from portal.jobs import Job


class Refund(Job):
    """Money that a cashier gives back, the whole payment or a part of it, with a reason.

    As with payments the request is frozen before the first call. Above the shop's limit it waits for a
    second cashier (`approved_by`). As a job it is the poller's: providers announce no canceled refund.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("ждёт второго кассира")
        CREATED = "created", _("создан")
        PENDING = "pending", _("обрабатывается")
        UNKNOWN = "unknown", _("исход неизвестен")
        SUCCEEDED = "succeeded", _("деньги возвращены")
        CANCELED = "canceled", _("отклонён")
        FAILED = "failed", _("не начат")

    TASK = "cabinet.payments.tasks.refund_sync"
    LEASE = datetime.timedelta(minutes=2)

    refund_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    form_key = models.UUIDField(unique=True)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    principal = money(_("услуги, ₽"))
    penalty = money(_("пени, ₽"))
    commission = money(_("комиссия, ₽"))
    amount = money(_("сумма, ₽"))
    reason = models.CharField(_("причина"), max_length=250)
    asked_by = models.CharField(_("кто оформил"), max_length=150)
    approved_by = models.CharField(_("кто подтвердил"), max_length=150, blank=True)

    # NULL, not empty: it is unique once the provider has given it.
    provider_id = models.CharField(  # noqa: DJ001
        _("номер в платёжном сервисе"), max_length=50, null=True, blank=True
    )
    idempotency_key = models.CharField(max_length=64, unique=True, editable=False)
    body = EncryptedTextField(null=True, editable=False)
    body_hash = models.CharField(max_length=64, editable=False)
    sent_at = models.DateTimeField(_("отправлен сервису"), null=True, blank=True)
    state = models.CharField(
        _("состояние"), max_length=10, choices=State.choices, default=State.CREATED
    )
    cancellation_reason = models.CharField(_("причина отказа"), max_length=100, blank=True)
    provider_state = models.JSONField(default=dict, editable=False)
    receipt_state = models.CharField(_("чек"), max_length=20, blank=True)
    created_at = models.DateTimeField(_("создан"), auto_now_add=True)
    ended_at = models.DateTimeField(_("исход известен"), null=True, blank=True)

    class Meta(Job.Meta):
        verbose_name = _("возврат")
        verbose_name_plural = _("возвраты")
        default_permissions = ("add", "view")
        indexes = [
            *Job.Meta.indexes,
            models.Index(fields=["-created_at"], name="refund_created"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["provider_id"],
                name="refund_provider_once",
                condition=Q(provider_id__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(
                    principal__gte=0,
                    penalty__gte=0,
                    commission__gte=0,
                    amount__gt=0,
                    amount=F("principal") + F("penalty") + F("commission"),
                ),
                name="refund_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.pk}"


class RefundRequest(models.Model):
    """«Ошибся счётом»: a subscriber asks to have a payment given back or put on another account."""

    class State(models.TextChoices):
        NEW = "new", _("новая")
        DONE = "done", _("исполнена")
        REFUSED = "refused", _("отказано")

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refund_requests")
    subscriber_id = models.UUIDField(_("абонент"), null=True, blank=True)
    text = EncryptedTextField(_("что случилось"), null=True)  # wiped with the person
    state = models.CharField(
        _("состояние"), max_length=10, choices=State.choices, default=State.NEW
    )
    answer = models.TextField(_("ответ"), blank=True)
    answered_by = models.CharField(_("кто ответил"), max_length=150, blank=True)
    created_at = models.DateTimeField(_("когда"), auto_now_add=True)
    answered_at = models.DateTimeField(_("отвечено"), null=True, blank=True)

    class Meta:
        verbose_name = _("просьба о возврате")
        verbose_name_plural = _("просьбы о возврате")
        default_permissions = ("change",)
        constraints = [
            models.UniqueConstraint(
                fields=["payment"], name="refund_request_once", condition=Q(state="new")
            )
        ]

    def __str__(self) -> str:
        return f"№ {self.pk}"
