from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cabinet.exchange.keys.scopes import SCOPES


class ExchangeKey(models.Model):
    """A key of the billing system: `schema.public_id.secret`, of which only a hash of the secret is kept."""

    name = models.CharField(_("название"), max_length=100)
    public_id = models.CharField(_("номер ключа"), max_length=16, unique=True)
    digest = models.CharField(_("SHA-256 секрета"), max_length=64)
    scopes = models.JSONField(_("что можно"), default=list)
    created_by = models.CharField(_("кто создал"), max_length=150)
    created_at = models.DateTimeField(_("создан"), auto_now_add=True)
    expires_at = models.DateTimeField(_("действует до"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("отозван"), null=True, blank=True)
    revoked_by = models.CharField(_("кто отозвал"), max_length=150, blank=True)
    last_used_at = models.DateTimeField(_("последний запрос"), null=True, blank=True)
    last_used_address = models.GenericIPAddressField(_("откуда"), null=True, blank=True)

    class Meta:
        verbose_name = _("ключ обмена")
        verbose_name_plural = _("ключи обмена")
        default_permissions = ()
        permissions = [("manage_keys", "Может создавать и отзывать ключи обмена")]

    def __str__(self) -> str:
        return self.name

    @property
    def has_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def is_good(self) -> bool:
        return self.revoked_at is None and not self.has_expired

    @property
    def scope_titles(self) -> list[str]:
        return [str(SCOPES[scope]) for scope in self.scopes if scope in SCOPES]
