"""Staff: a table of its own in every schema, so an editor of Pskov has no login in Novgorod."""

from functools import lru_cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AbstractUser, Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from portal.audit.models import CENTRAL_PREFIX
from portal.connection import current_schema
from portal.jobs import Job


@lru_cache(maxsize=2)
def _labels(public: bool) -> frozenset[str]:
    names = set(settings.SHARED_APPS if public else settings.TENANT_APPS)
    return frozenset(config.label for config in apps.get_app_configs() if config.name in names)


def app_lives_here(app_label: str) -> bool:
    """Tell whether the app has tables in the current schema."""
    return app_label in _labels(current_schema() == "public")


# A colon cannot be typed into a login, and the table refuses CENTRAL_PREFIX without `central_actor`.
CENTRAL_FIXED = _("Это вход из центрального офиса. Пароля, почты и другого имени у него не бывает.")
# What a central admin's row in a company may never have.
_NOTHING: dict[str, Any] = {
    "email": "",
    "first_name": "",
    "last_name": "",
    "is_staff": False,
    "is_superuser": False,
}
_ORDINARY_ROW = Q(central_actor="", central_until=None) & ~Q(username__startswith=CENTRAL_PREFIX)
_CENTRAL_ROW = ~Q(central_actor="") & Q(
    central_until__isnull=False,
    username=Concat(Value(CENTRAL_PREFIX), F("central_actor")),
    password__startswith=UNUSABLE_PASSWORD_PREFIX,
    **_NOTHING,
)


class StaffUser(AbstractUser):
    """A member of staff of the schema that the row is in; in public, a central admin.

    Addresses of the admin are global, so a permission also asks whether the app lives in this schema:
    otherwise Pskov's superuser lists the companies and moves Novgorod's domain.
    """

    # Of a central admin's row in a company: his login in public, and the end of his hour.
    central_actor = models.CharField(
        _("центральный администратор"), max_length=142, default="", blank=True, editable=False
    )
    central_until = models.DateTimeField(
        _("вход из центрального офиса до"), null=True, blank=True, editable=False
    )

    # Sessions begun before it are over, also when their owner is let in again.
    sessions_from = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(AbstractUser.Meta):
        verbose_name = "сотрудник"
        verbose_name_plural = "сотрудники"
        permissions = [("manage_staff", "Может управлять сотрудниками")]
        constraints = [
            models.CheckConstraint(
                condition=_ORDINARY_ROW | _CENTRAL_ROW,
                name="staff_central_row",
                violation_error_message=CENTRAL_FIXED,
            )
        ]

    @property
    def is_central(self) -> bool:
        """Tell whether this is a central admin, in public or entered from there."""
        return self.is_superuser or self.is_staff or bool(self.central_actor)

    @property
    def central_is_over(self) -> bool:
        """Tell whether the hour of a central admin's row is over."""
        return self.central_until is not None and self.central_until <= timezone.now()

    def get_full_name(self) -> str:
        """Return the name that lists show; of a central admin's row, the office and his login there."""
        if self.central_actor:
            return f"Центральный офис: {self.central_actor}"
        return super().get_full_name()

    @property
    def shown_name(self) -> str:
        """Return how others call this person, in as many signs as a column for it has."""
        return (self.get_full_name() or self.get_username())[:150]

    def clean(self) -> None:
        """Refuse what a central admin's row may never have, so that a form says it."""
        super().clean()
        if self._breaks_central_rule():
            raise ValidationError(CENTRAL_FIXED)

    def set_password(self, raw_password: str | None) -> None:
        """Set a password. Raises PermissionDenied for a central admin's row."""
        if self.central_actor:
            raise PermissionDenied(CENTRAL_FIXED)
        super().set_password(raw_password)

    def _breaks_central_rule(self) -> bool:
        if not self.central_actor:
            return False
        fixed = {**_NOTHING, "username": f"{CENTRAL_PREFIX}{self.central_actor}"}
        return self.has_usable_password() or any(
            getattr(self, name) != value for name, value in fixed.items()
        )

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return app_lives_here(perm.partition(".")[0]) and super().has_perm(perm, obj)

    def has_module_perms(self, app_label: str) -> bool:
        return app_lives_here(app_label) and super().has_module_perms(app_label)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the row.

        Raises PermissionDenied for a superuser outside public, and for a central admin's row with a
        password, an e-mail or another name, which the table refuses too.
        """
        if self._breaks_central_rule():
            raise PermissionDenied(CENTRAL_FIXED)
        if self.is_superuser and current_schema() != "public":
            raise PermissionDenied("Суперпользователь бывает только в центральном офисе.")
        super().save(*args, **kwargs)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Return the hash of a session, which changes with the password and with `sessions_from`.

        With the schema: a cloned row's session must be worth nothing in the clone.
        """
        salt = f"portal.staff.StaffUser.{current_schema()}"
        since = self.sessions_from.timestamp() if self.sessions_from else ""
        value = f"{self.password}{since}"
        return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()


class RoleRule(models.Model):
    """What a company asks of a role beyond the portal's rules: a second factor."""

    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="rule")
    needs_second_factor = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.group)


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


class PasswordReset(Job):
    """A filled-in form «Забыли пароль?», and the job of answering it.

    The worker looks the person up, so that the page takes the same time for an unknown address.
    """

    TASK = "portal.staff.tasks.password_reset_send"
    DELETE_WHEN_DONE = True

    email = models.EmailField(_("электронная почта"))
    company_name = models.CharField(_("компания"), max_length=200)
    address = models.CharField(_("адрес сайта"), max_length=300)
    created_at = models.DateTimeField(_("создан"), auto_now_add=True)

    class Meta(Job.Meta):
        default_permissions = ()
        verbose_name = _("запрос нового пароля")
        verbose_name_plural = _("запросы нового пароля")

    def __str__(self) -> str:
        return str(self.pk)
