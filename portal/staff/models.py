"""Staff: a table of its own in every schema, so an editor of Pskov has no login in Novgorod."""

from functools import lru_cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AbstractUser, Group
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from portal.connection import current_schema


@lru_cache(maxsize=2)
def _labels(public: bool) -> frozenset[str]:
    names = set(settings.SHARED_APPS if public else settings.TENANT_APPS)
    return frozenset(config.label for config in apps.get_app_configs() if config.name in names)


def app_lives_here(app_label: str) -> bool:
    """Tell whether the app has tables in the current schema."""
    return app_label in _labels(current_schema() == "public")


# The login of a central admin's row in a company. A colon cannot be typed into a login, so no company can
# make such a row by itself.
CENTRAL_PREFIX = "central:"


class StaffUser(AbstractUser):
    """A member of staff of the schema that the row is in; in public, a central admin.

    Addresses of the admin are global, so a permission also asks whether the app lives in this schema:
    otherwise Pskov's superuser lists the companies and moves Novgorod's domain.
    """

    class Meta(AbstractUser.Meta):
        verbose_name = "сотрудник"
        verbose_name_plural = "сотрудники"
        permissions = [("manage_staff", "Может управлять сотрудниками")]

    @property
    def is_central(self) -> bool:
        """Tell whether this is a central admin, in public or entered from there."""
        return self.is_superuser or self.username.startswith(CENTRAL_PREFIX)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return app_lives_here(perm.partition(".")[0]) and super().has_perm(perm, obj)

    def has_module_perms(self, app_label: str) -> bool:
        return app_lives_here(app_label) and super().has_module_perms(app_label)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the row. Raises PermissionDenied for a superuser outside public."""
        if self.is_superuser and current_schema() != "public":
            raise PermissionDenied("Суперпользователь бывает только в центральном офисе.")
        super().save(*args, **kwargs)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Return the hash with the schema: a cloned row's session must be worth nothing in the clone."""
        salt = f"portal.staff.StaffUser.{current_schema()}"
        return salted_hmac(salt, self.password, secret=secret, algorithm="sha256").hexdigest()


class StaffInvitation(models.Model):
    """A letter with a secret link; in public, to a central admin. The row goes when the link is used."""

    email = models.EmailField(_("электронная почта"), max_length=150)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    groups = models.ManyToManyField(Group, blank=True, verbose_name=_("роли"))
    # NULL: the portal itself, for a new company's first administrator.
    invited_by = models.ForeignKey(
        StaffUser, null=True, on_delete=models.CASCADE, related_name="invitations"
    )
    created_at = models.DateTimeField(_("отправлено"), auto_now_add=True)
    expires_at = models.DateTimeField(_("действует до"))

    class Meta:
        ordering = ["-created_at"]
        default_permissions = ()
        verbose_name = _("приглашение")
        verbose_name_plural = _("приглашения")

    def __str__(self) -> str:
        return self.email
