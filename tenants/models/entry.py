from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.models.handoff import HandOffToken


class EntryToken(HandOffToken):
    """A central admin on the way into a company."""

    schema_name = models.CharField(_("схема"), max_length=41)
    actor = models.CharField(_("кто"), max_length=150)

    class Meta:
        db_table = '"public"."tenants_entrytoken"'
        verbose_name = _("вход в компанию")
        verbose_name_plural = _("входы в компании")
