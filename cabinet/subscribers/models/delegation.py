"""Delegates of an account: whom its holder has let in, until when, and what was done."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from cabinet.subscribers.models.subscriber import AccountLink, Subscriber


class Delegation(models.Model):
    """доступ доверенного лица: an invitation by a holder, and the access that it gives once accepted.

    While it lasts, the delegate has an `AccountLink` with `delegation` set. The row stays when it has ended:
    who was a delegate within a year does not link the account by a proof.
    """

    class Right(models.TextChoices):
        READ = "read", _("смотреть")
        SEND = "send", _("смотреть и передавать показания")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # The holder's link that it hangs on; NULL once that is gone, and the delegation with it.
    owner_link = models.ForeignKey(
        AccountLink, null=True, on_delete=models.SET_NULL, related_name="delegations"
    )
    company = models.ForeignKey("tenants.GasCompany", on_delete=models.CASCADE, related_name="+")
    account_number = models.CharField(_("лицевой счёт"), max_length=30)
    # E-mail or telephone that the invitation went to, in the form of `contacts.py`.
    contact = models.CharField(_("кому"), max_length=254)
    delegate = models.ForeignKey(
        Subscriber, null=True, on_delete=models.CASCADE, related_name="delegations"
    )
    right = models.CharField(_("что можно"), max_length=4, choices=Right.choices)
    # The last day on which the delegate is let in, by the company's calendar.
    ends_on = models.DateField(_("по какой день"))
    link_hash = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    link_expires_at = models.DateTimeField(_("приглашение действует до"))
    created_at = models.DateTimeField(_("приглашён"), auto_now_add=True)
    accepted_at = models.DateTimeField(_("принято"), null=True, blank=True)
    ended_at = models.DateTimeField(_("закончено"), null=True, blank=True)

    class Meta:
        db_table = '"public"."subscribers_delegation"'
        verbose_name = _("доступ доверенного лица")
        verbose_name_plural = _("доступы доверенных лиц")
        indexes = [
            models.Index(
                fields=["company", "account_number", "delegate"], name="delegation_account"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class DelegationEvent(models.Model):
    """A line of the log that holder and delegate read."""

    class What(models.TextChoices):
        INVITED = "invited", _("приглашение отправлено")
        ACCEPTED = "accepted", _("приглашение принято")
        OPENED = "opened", _("открывал лицевой счёт")  # once a day
        READING = "reading", _("передал показания")
        ENDED_BY_OWNER = "ended_owner", _("доступ закрыт владельцем")
        ENDED_BY_DELEGATE = "ended_self", _("доверенное лицо отказалось от доступа")
        ENDED_WITH_LINK = "ended_link", _("доступ закончился вместе с привязкой")
        EXPIRED = "expired", _("срок доступа вышел")

    delegation = models.ForeignKey(Delegation, on_delete=models.CASCADE, related_name="events")
    what = models.CharField(_("что"), max_length=12, choices=What.choices)
    at = models.DateTimeField(_("когда"))

    class Meta:
        db_table = '"public"."subscribers_delegationevent"'
        ordering = ["-at", "-pk"]
        verbose_name = _("событие доступа")
        verbose_name_plural = _("события доступа")

    def __str__(self) -> str:
        return str(self.What(self.what).label)
