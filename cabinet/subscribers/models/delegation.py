"""Delegates of an account: whom its holder has let in, until when, and what was done."""

import uuid
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cabinet.subscribers.models.subscriber import AccountLink, Subscriber, access_in_force


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def in_force(self) -> Self:
        """Return those by which a delegate is let in at this moment."""
        return self.filter(access_in_force())

    def open(self) -> Self:
        """Return those that have not ended: accesses, and invitations that may still be accepted."""
        waiting = models.Q(accepted_at=None, link_expires_at__gt=timezone.now())
        return self.filter(models.Q(accepted_at__isnull=False) | waiting, ended_at=None)


class Delegation(models.Model):
    """доступ доверенного лица: an invitation by a holder, and the access that it gives once accepted.

    While it lasts, the delegate has an `AccountLink` with `delegation` set. The row stays for a year when it
    has ended: who was a delegate within that time does not link the account by a proof.
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
    # Where the invitation went to, in the form of `contacts.py`; forgotten with the person.
    contact = models.CharField(_("кому"), max_length=254, blank=True)
    delegate = models.ForeignKey(
        Subscriber, null=True, on_delete=models.SET_NULL, related_name="delegations"
    )
    # Keys of the delegate's contacts at acceptance, by which somebody is known who registers anew.
    email_key = models.CharField(max_length=64, blank=True, editable=False)
    phone_key = models.CharField(max_length=64, blank=True, editable=False)
    right = models.CharField(_("что можно"), max_length=4, choices=Right.choices)
    # The last day on which the delegate is let in, by the company's calendar.
    ends_on = models.DateField(_("по какой день"))
    link_hash = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    link_expires_at = models.DateTimeField(_("приглашение действует до"))
    created_at = models.DateTimeField(_("приглашён"), auto_now_add=True)
    accepted_at = models.DateTimeField(_("принято"), null=True, blank=True)
    ended_at = models.DateTimeField(_("закончено"), null=True, blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        db_table = '"public"."subscribers_delegation"'
        verbose_name = _("доступ доверенного лица")
        verbose_name_plural = _("доступы доверенных лиц")
        indexes = [
            models.Index(fields=["company", "account_number"], name="delegation_account"),
            # Each minute asks for those that have to end, and for those that ended long ago.
            models.Index(fields=["company", "ended_at"], name="delegation_ended"),
            models.Index(
                fields=["contact"],
                name="delegation_waiting",
                condition=models.Q(accepted_at=None, ended_at=None),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_open(self) -> bool:
        """Return whether it is an access that has not ended, or an invitation that may be accepted."""
        is_waiting = self.accepted_at is None and self.link_expires_at > timezone.now()
        return self.ended_at is None and (self.accepted_at is not None or is_waiting)

    @property
    def may_send(self) -> bool:
        return self.right == self.Right.SEND


class DelegationEvent(models.Model):
    """A line of the log that holder and delegate read."""

    class What(models.TextChoices):
        INVITED = "invited", _("приглашение отправлено")
        ACCEPTED = "accepted", _("приглашение принято")
        OPENED = "opened", _("открывал лицевой счёт")  # once a day
        READING = "reading", _("передал показания")
        ENDED_BY_OWNER = "ended_owner", _("доступ закрыт владельцем")
        ENDED_BY_DELEGATE = "ended_self", _("доверенное лицо отказалось от доступа")
        ENDED_WITH_LINK = "ended_link", _("доступ закончился вместе с привязкой владельца")
        ENDED_OWN = "ended_own", _("привязал лицевой счёт как свой")
        GONE = "gone", _("личный кабинет доверенного лица удалён")
        EXPIRED = "expired", _("срок доступа вышел")
        LAPSED = "lapsed", _("приглашение не принято")
        TRIED = "tried", _("хотел привязать лицевой счёт как свой")

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
