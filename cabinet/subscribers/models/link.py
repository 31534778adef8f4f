import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from cabinet.subscribers.models.subscriber import Subscriber


class AccountLink(models.Model):
    """привязка ЛС: a subscriber may see this account of this company. Its id stands in addresses.

    In public, so that a person's accounts over all regions are one query; the account itself is in the
    company's schema and is named by its number.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subscriber = models.ForeignKey(
        Subscriber, on_delete=models.CASCADE, related_name="account_links"
    )
    company = models.ForeignKey(
        "tenants.GasCompany", on_delete=models.CASCADE, related_name="account_links"
    )
    account_number = models.CharField(_("лицевой счёт"), max_length=30)
    region = models.CharField(_("регион"), max_length=100)
    label = models.CharField(_("название"), max_length=50, blank=True)
    proof = models.CharField(_("способ привязки"), max_length=20)
    # When it was proved again, and since when it must be: billing has given the account another
    # surname, and until then nothing of it is shown.
    confirmed_at = models.DateTimeField(_("подтверждена заново"), null=True, blank=True)
    unconfirmed_since = models.DateTimeField(_("не подтверждена с"), null=True, blank=True)
    created_at = models.DateTimeField(_("дата привязки"), auto_now_add=True)
    last_used_at = models.DateTimeField(_("последний вход"), null=True, blank=True)

    class Meta:
        db_table = '"public"."subscribers_accountlink"'
        ordering = ["created_at"]
        verbose_name = _("привязка лицевого счёта")
        verbose_name_plural = _("привязки лицевых счетов")
        constraints = [
            models.UniqueConstraint(
                fields=["subscriber", "company", "account_number"], name="account_link_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
