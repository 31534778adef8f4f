import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cabinet.accounts.models import PersonalAccount
from cabinet.notifications.models import MailAddress


class Subscription(models.Model):
    """A kind of message that a person has asked for, about an account; cancelled, the row is gone.

    In the company's schema, with the person's id: no query joins public with it. Where to is the person's
    contact at the moment of writing, so that a changed one needs no looking after here, or `address`.
    News are the company's: they have no account.
    """

    class Kind(models.TextChoices):
        BILL = "bill", _("квитанции по электронной почте")
        READING_REMINDER = "reading_reminder", _("напоминания о показаниях")
        NEWS = "news", _("новости")

    class BillsAs(models.TextChoices):
        """How a letter brings a bill. A link needs the login; a file is read by whoever reads the mail."""

        FILE = "file", _("файлом в письме")
        LINK = "link", _("ссылкой")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subscriber_id = models.UUIDField(_("абонент"))
    account = models.ForeignKey(
        PersonalAccount,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="subscriptions",
    )
    kind = models.CharField(_("вид"), max_length=20, choices=Kind.choices)
    # Of a reminder: the last of the company's reminder days that was worked off; at first the day of
    # subscribing, so that nobody is reminded at once.
    reminded_on = models.DateField(_("последний день напоминаний"), null=True)
    # Else the kind is told by the bell, SMS and MAX alone (bills_by_phone.py).
    by_mail = models.BooleanField(_("по электронной почте"), default=True)
    bills_as = models.CharField(
        _("квитанции приходят"), max_length=10, choices=BillsAs.choices, default=BillsAs.FILE
    )
    # Another address than the login's, confirmed; and one that is to follow when it is confirmed.
    address = models.ForeignKey(
        MailAddress, null=True, blank=True, on_delete=models.CASCADE, related_name="subscriptions"
    )
    wanted_address = models.ForeignKey(
        MailAddress, null=True, blank=True, on_delete=models.SET_NULL, related_name="wanted_by"
    )
    # The last message was refused for good: nothing goes there until the person chooses an address anew.
    refused_at = models.DateTimeField(_("не принимает сообщения с"), null=True, blank=True)
    created_at = models.DateTimeField(_("оформлена"), auto_now_add=True)

    class Meta:
        verbose_name = _("подписка")
        verbose_name_plural = _("подписки")
        constraints = [
            models.UniqueConstraint(
                fields=["subscriber_id", "account", "kind"], name="subscription_once"
            ),
            models.UniqueConstraint(
                fields=["subscriber_id", "kind"],
                condition=Q(account__isnull=True),
                name="subscription_of_company_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="news", account__isnull=True)
                | (~Q(kind="news") & Q(account__isnull=False)),
                name="subscription_account",
            ),
            models.CheckConstraint(
                condition=~Q(kind="reading_reminder") | Q(reminded_on__isnull=False),
                name="subscription_reminded_on",
            ),
        ]
        indexes = [
            models.Index(
                fields=["reminded_on", "id"],
                condition=Q(kind="reading_reminder"),
                name="subscription_reminder_due",
            ),
            models.Index(fields=["kind", "id"], name="subscription_of_kind"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def account_number(self) -> str:
        """Return the account's number; an empty string for news."""
        return self.account.account_number if self.account else ""

    @property
    def bills_come(self) -> str:
        """Return how a letter brings the bill; an empty string for another kind."""
        return str(self.get_bills_as_display()) if self.kind == self.Kind.BILL else ""
