import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from cabinet.subscribers.models.subscriber import Subscriber
from portal.secrets import OneTimeCode


class ContactChange(OneTimeCode):
    """A change of a person's e-mail address or telephone: requested, confirmed, perhaps stopped.

    It stays for some days after the confirmation, so that the owner of the old contact can undo it.
    An address is confirmed by a link, a telephone by a code; both are stored as hashes.
    """

    class Kind(models.TextChoices):
        EMAIL = "email", _("электронная почта")
        PHONE = "phone", _("телефон")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subscriber = models.ForeignKey(
        Subscriber, on_delete=models.CASCADE, related_name="contact_changes"
    )
    kind = models.CharField(_("что меняется"), max_length=5, choices=Kind.choices)
    value = models.CharField(_("новое"), max_length=254)
    old_value = models.CharField(_("прежнее"), max_length=254, blank=True)
    old_since = models.DateTimeField(null=True, blank=True)
    link_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)
    stop_hash = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField(_("отправлено"))
    expires_at = models.DateTimeField(_("подтвердить до"), db_index=True)
    confirmed_at = models.DateTimeField(_("подтверждено"), null=True, blank=True)

    class Meta:
        db_table = '"public"."subscribers_contactchange"'
        verbose_name = _("смена адреса или телефона")
        verbose_name_plural = _("смены адресов и телефонов")
        constraints = [
            models.UniqueConstraint(
                fields=["subscriber", "kind"],
                condition=models.Q(confirmed_at=None),
                name="contact_change_one_waiting",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def code_owner(self) -> str:
        return str(self.pk)
