from django.db import models
from django.utils.translation import gettext_lazy as _


class HandOffToken(models.Model):
    """A token that hands a login to another host: one use, a minute, one host, one browser.

    The token in the address and the target host's cookie are two secrets; both are kept as hashes.
    """

    token_hash = models.CharField(max_length=64, unique=True)
    nonce_hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField(_("истекает"), db_index=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)


class EntryToken(HandOffToken):
    """A token by which a central admin enters a company."""

    schema_name = models.CharField(_("схема"), max_length=41)
    actor = models.CharField(_("кто"), max_length=150)

    class Meta:
        db_table = '"public"."tenants_entrytoken"'
        verbose_name = _("вход в компанию")
        verbose_name_plural = _("входы в компании")
