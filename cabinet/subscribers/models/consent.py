"""Consents of people: 152-ФЗ asks to show each one as it was given, with its very text."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from cabinet.subscribers.models.entry import PendingRegistration
from cabinet.subscribers.models.subscriber import Subscriber


def _one_of(*fields: str) -> models.Q:
    """Return the condition that exactly one of the fields has a value."""
    condition = models.Q()
    for field in fields:
        condition |= models.Q(**{f"{one}__isnull": one != field for one in fields})
    return condition


class ConsentText(models.Model):
    """A copy of a company's document as it was agreed to; the same wording is stored once.

    A copy, because the page lives in the company's schema and may be withdrawn or deleted there.
    """

    text_hash = models.CharField(_("отпечаток"), max_length=64, unique=True)
    kind = models.CharField(_("вид"), max_length=20)  # of cms_pages' LegalDocumentPage.Kind
    title = models.CharField(_("документ"), max_length=255)
    number = models.CharField(_("редакция"), max_length=40)
    text = models.TextField(_("текст"))  # HTML, as it was shown
    created_at = models.DateTimeField(_("сохранён"), auto_now_add=True)

    class Meta:
        db_table = '"public"."subscribers_consenttext"'
        verbose_name = _("текст согласия")
        verbose_name_plural = _("тексты согласий")

    def __str__(self) -> str:
        return f"{self.title}, {self.number}"


class Consent(models.Model):
    """One act: a person agreed to one document of one company. Withdrawn, never changed or deleted.

    Belongs to a registration until the contact is confirmed, or to an application until it is approved,
    then to the subscriber, and is deleted with them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subscriber = models.ForeignKey(
        Subscriber, null=True, on_delete=models.CASCADE, related_name="consents"
    )
    registration = models.ForeignKey(
        PendingRegistration, null=True, on_delete=models.CASCADE, related_name="consents"
    )
    # An application's identifier, which is unique over all companies; its row is the company's.
    application_id = models.UUIDField(_("заявка"), null=True)
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="consents")
    # The name outlives a deleted company: it says to whom the consent was given.
    company = models.ForeignKey(
        "tenants.GasCompany", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    company_name = models.CharField(_("компания"), max_length=255)
    host = models.CharField(_("сайт"), max_length=253)
    address = models.CharField(_("IP-адрес"), max_length=45)
    given_at = models.DateTimeField(_("дано"))
    withdrawn_at = models.DateTimeField(_("отозвано"), null=True, blank=True)

    class Meta:
        db_table = '"public"."subscribers_consent"'
        ordering = ["given_at"]
        verbose_name = _("согласие")
        verbose_name_plural = _("согласия")
        indexes = [
            models.Index(
                fields=["application_id"],
                name="consent_application",
                condition=models.Q(application_id__isnull=False),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=_one_of("subscriber", "registration", "application_id"),
                name="consent_has_one_giver",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
