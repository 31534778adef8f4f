"""People with a login, and their accounts. Public only: one person has accounts in many regions."""

import uuid
from typing import Self

from django.contrib.auth.hashers import check_password, is_password_usable, make_password
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.models import GasCompany


class Subscriber(models.Model):
    """A person who confirmed an address. Not Django's auth user: those are staff."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # At least one of the two, in the form of `contacts.py`.
    email = models.EmailField(_("электронная почта"), unique=True, null=True, blank=True)
    phone = models.CharField(_("телефон"), max_length=16, unique=True, null=True, blank=True)
    # Since when a contact is the person's; empty for one that was never another. The older one outlives
    # a recovery.
    email_since = models.DateTimeField(null=True, blank=True)
    phone_since = models.DateTimeField(null=True, blank=True)
    password = models.CharField(_("пароль"), max_length=128)
    # Browsers that were known before are known no more.
    recovered_at = models.DateTimeField(_("пароль восстановлен"), null=True, blank=True)
    created_at = models.DateTimeField(_("создан"), auto_now_add=True)
    # While it is set, the cabinet shows only the page on which the deletion can be cancelled.
    deletion_due_at = models.DateTimeField(_("будет удалён"), null=True, blank=True)

    # The kind of contact that a temporary password was sent to; set after a login by it, never stored.
    recovering_by = ""

    class Meta:
        db_table = '"public"."subscribers_subscriber"'
        verbose_name = _("абонент")
        verbose_name_plural = _("абоненты")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email__isnull=False) | models.Q(phone__isnull=False),
                name="subscriber_has_contact",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def has_usable_password(self) -> bool:
        """Tell whether there is a password: an approved application makes a cabinet without one."""
        return is_password_usable(self.password)

    def check_password(self, raw_password: str) -> bool:
        def upgrade(raw: str) -> None:
            before, self.password = self.password, make_password(raw)
            # Only over the hash that was checked: the password may have been changed meanwhile.
            Subscriber.objects.filter(pk=self.pk, password=before).update(password=self.password)

        return check_password(raw_password, self.password, upgrade)


class AccountLinkQuerySet(models.QuerySet["AccountLink"]):
    """Whoever asks for links says whose: a delegate's must never be taken for a holder's."""

    def holders(self) -> Self:
        """Return the links of those who have proved that the account is theirs; not of delegates."""
        return self.filter(delegation=None)

    def holders_of(self, company: GasCompany, *account_numbers: str) -> Self:
        """Return the holders' links of these accounts, confirmed or not."""
        return self.of_account(company, *account_numbers).holders()

    def of_account(self, company: GasCompany, *account_numbers: str) -> Self:
        """Return all links of these accounts, of delegates too: to lock them, or to end them."""
        return self.filter(company=company, account_number__in=account_numbers)

    def of_number(self, *account_numbers: str) -> Self:
        """Return all links of such account numbers in whatever company, of delegates too."""
        companies = GasCompany.objects.values("pk")  # the index begins with the company
        return self.filter(company__in=companies, account_number__in=account_numbers)

    def in_force(self) -> Self:
        """Return the holders' links, confirmed or not, and those of delegates who are let in now."""
        return self.filter(Q(delegation=None) | access_in_force("delegation__"))


def access_in_force(prefix: str = "") -> Q:
    """Return which delegations let their delegate in now; `prefix` leads to them and ends with `__`.

    Nothing has to be updated for an access to end: it is accepted and not ended, its last day is not over
    at the company, and the holder's link that it hangs on is there and confirmed.
    """
    now = Value(timezone.now(), output_field=models.DateTimeField())
    zone = F(f"{prefix}company__time_zone")
    today = Cast(Func(zone, now, function="timezone"), models.DateField())
    wanted = {
        "accepted_at__isnull": False,
        "ended_at": None,
        "ends_on__gte": today,
        "owner_link__isnull": False,
        "owner_link__unconfirmed_since": None,
        "owner_link__delegation": None,
    }
    return Q(**{f"{prefix}{name}": value for name, value in wanted.items()})


class AccountLink(models.Model):
    """привязка ЛС: a subscriber may see this account of this company. Its id is part of addresses.

    In public, so that a person's accounts over all regions are one query; the account itself is in the
    company's schema, under its number.
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
    # The account's address in short: the menu names accounts of other companies, whose tables it does not
    # read. Written at linking, and when the account is opened and billing has another one.
    place = models.CharField(_("адрес"), max_length=300, blank=True)
    proof = models.CharField(_("способ привязки"), max_length=20)
    # Of a delegate's link: what may be done, and until when (`access.py` asks for it).
    delegation = models.OneToOneField(
        "subscribers.Delegation",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="link",
    )
    # Of the surname that the account had at the proof; empty when no surname opens the link again.
    surname_hash = models.CharField(max_length=64, blank=True)
    # Of the one for which it had been proved before that, by the same person.
    former_surname_hash = models.CharField(max_length=64, blank=True)
    # After billing has changed the account's surname, nothing is shown until the link is proved again, or
    # the surname is one of the two hashes' again.
    confirmed_at = models.DateTimeField(_("подтверждена заново"), null=True, blank=True)
    unconfirmed_since = models.DateTimeField(_("не подтверждена с"), null=True, blank=True)
    created_at = models.DateTimeField(_("дата привязки"), auto_now_add=True)
    last_used_at = models.DateTimeField(_("последний вход"), null=True, blank=True)

    objects = AccountLinkQuerySet.as_manager()

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
        # Who else has an account, asked by every reading and every list of links.
        indexes = [models.Index(fields=["company", "account_number"], name="account_link_account")]

    def __str__(self) -> str:
        return str(self.pk)
