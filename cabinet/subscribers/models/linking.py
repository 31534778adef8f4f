"""A linking wizard that is under way."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField

from cabinet.subscribers.models.subscriber import Subscriber


class LinkingDraft(models.Model):
    """What a person has typed into the linking wizard so far; its id is part of the address.

    Two tabs are two drafts. `content` is JSON of the steps; of a finished one only the link that it has
    made. Deleted when it expires.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subscriber = models.ForeignKey(
        Subscriber, on_delete=models.CASCADE, related_name="linking_drafts"
    )
    content = EncryptedTextField(_("поля"), null=True)
    created_at = models.DateTimeField(_("начат"), auto_now_add=True)
    expires_at = models.DateTimeField(_("истекает"), db_index=True)

    class Meta:
        db_table = '"public"."subscribers_linkingdraft"'
        verbose_name = _("начатая привязка")
        verbose_name_plural = _("начатые привязки")

    def __str__(self) -> str:
        return str(self.pk)
