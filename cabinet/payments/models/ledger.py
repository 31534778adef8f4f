from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cabinet.billing.models import money
from cabinet.payments.models.payments import Payment
from cabinet.payments.models.refunds import Refund


class LedgerEntry(models.Model):
    """Money that was taken (positive) or given back (negative), ₽: one row a payment and one a refund.

    Written in the transaction that changes the state; never changed, never deleted.
    """

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="entries")
    refund = models.OneToOneField(
        Refund, null=True, blank=True, on_delete=models.PROTECT, related_name="entry"
    )
    principal = money(_("услуги, ₽"))
    penalty = money(_("пени, ₽"))
    commission = money(_("комиссия портала, ₽"))  # that the provider has taken with the payment
    at = models.DateTimeField(_("когда"))  # by the provider
    created_at = models.DateTimeField(_("записано"), auto_now_add=True)

    class Meta:
        verbose_name = _("запись о деньгах")
        verbose_name_plural = _("записи о деньгах")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["payment"], name="ledger_payment_once", condition=Q(refund__isnull=True)
            ),
        ]
        indexes = [models.Index(fields=["at"], name="ledger_at")]

    def __str__(self) -> str:
        return f"{self.payment_id}: {self.principal + self.penalty + self.commission}"


class Transfer(models.Model):
    """A payment order by which the provider has sent money of several payments to the company."""

    number = models.CharField(_("номер платёжного поручения"), max_length=20)
    transferred_on = models.DateField(_("дата"))
    source = models.CharField(_("откуда известно"), max_length=100, blank=True)
    entered_by = models.CharField(_("кто внёс"), max_length=150, blank=True)
    created_at = models.DateTimeField(_("внесено"), auto_now_add=True)

    class Meta:
        verbose_name = _("перечисление")
        verbose_name_plural = _("перечисления")
        default_permissions = ("add",)
        constraints = [
            models.UniqueConstraint(fields=["number", "transferred_on"], name="transfer_once")
        ]

    def __str__(self) -> str:
        return f"№ {self.number}"
