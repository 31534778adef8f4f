"""What is remembered about links of an account: new surnames, wrong proofs, disputes."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SurnameChange(models.Model):
    """Billing has given an account another surname, and its links do not know of it yet.

    Written by the transaction that changes the name, gone when the links are marked and the holders
    written to: the row is the outbox.
    """

    account_number = models.CharField(_("лицевой счёт"), max_length=30, db_index=True)
    changed_at = models.DateTimeField(_("изменена"))

    class Meta:
        verbose_name = _("смена фамилии")
        verbose_name_plural = _("смены фамилий")

    def __str__(self) -> str:
        return self.account_number


class LastSurnameChange(models.Model):
    """When billing last gave an account another surname: older papers are the former owner's too."""

    account_number = models.CharField(_("лицевой счёт"), max_length=30, unique=True)
    changed_at = models.DateTimeField(_("изменена"))

    class Meta:
        verbose_name = _("последняя смена фамилии")
        verbose_name_plural = _("последние смены фамилий")

    def __str__(self) -> str:
        return self.account_number


class RefusedProof(models.Model):
    """The day on which holders were last written to about a wrong proof of their account."""

    account_number = models.CharField(_("лицевой счёт"), max_length=30, unique=True)
    notified_on = models.DateField(_("сообщено"))

    class Meta:
        verbose_name = _("отклонённое подтверждение")
        verbose_name_plural = _("отклонённые подтверждения")

    def __str__(self) -> str:
        return self.account_number


class LinkDispute(models.Model):
    """оспаривание привязки: a holder asks operators who else has the account.

    One open dispute a person and account. The disputed links are all others of the account.
    """

    account_number = models.CharField(_("лицевой счёт"), max_length=30)
    subscriber_id = models.UUIDField(_("абонент"))
    text = models.TextField(_("сообщение"), max_length=1000, blank=True)
    created_at = models.DateTimeField(_("получено"), auto_now_add=True)
    closed_at = models.DateTimeField(_("закрыто"), null=True, blank=True)
    # The operator's name: staff are another table, which forgets.
    closed_by = models.CharField(_("оператор"), max_length=200, blank=True)
    answer = models.TextField(_("ответ"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("оспаривание привязки")
        verbose_name_plural = _("оспаривания привязок")
        default_permissions = ()
        permissions = [
            ("decide_linkdispute", "Может разбирать споры о привязках и отвязывать счета")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account_number", "subscriber_id"],
                condition=Q(closed_at=None),
                name="dispute_open_once",
            )
        ]
        indexes = [
            models.Index(fields=["subscriber_id"], name="dispute_of_person"),
            models.Index(fields=["-created_at"], name="dispute_newest_first"),
        ]

    def __str__(self) -> str:
        return self.account_number
