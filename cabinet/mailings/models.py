import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from cabinet.accounts.models import PersonalAccount


class ReceiptSubscription(models.Model):
    """A person wants this account's receipts by e-mail. Withdrawn, the row is gone.

    In the company's schema, with the person's id: no query joins public with it. Where to is the person's
    address at the moment of sending. Nothing is sent yet, and the pages say so; whoever sends asks first
    whether the link is still there and confirmed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subscriber_id = models.UUIDField(_("абонент"))
    account = models.ForeignKey(
        PersonalAccount, on_delete=models.CASCADE, related_name="receipt_subscriptions"
    )
    created_at = models.DateTimeField(_("включена"), auto_now_add=True)

    class Meta:
        verbose_name = _("подписка на квитанции")
        verbose_name_plural = _("подписки на квитанции")
        constraints = [
            models.UniqueConstraint(
                fields=["subscriber_id", "account"], name="receipt_subscription_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
