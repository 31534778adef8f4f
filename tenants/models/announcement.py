import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.staff.roles import role_titles
from tenants.models.company import GasCompany


class Announcement(models.Model):
    """объявление сотрудникам: what the central office says on the first page of companies' admins.

    Changed by `tenants.announcements.services` alone. Empty `roles` or `kind`: for all of them.
    """

    title = models.CharField(_("заголовок"), max_length=120)
    text = models.TextField(_("текст"), max_length=2000)
    is_important = models.BooleanField(
        _("важное"), default=False, help_text=_("Стоит первым и\u00a0выделено.")
    )
    starts_at = models.DateTimeField(_("показывать с"), default=timezone.now)
    ends_at = models.DateTimeField(_("показывать до"))
    kind = models.CharField(
        _("каким компаниям"), max_length=20, choices=GasCompany.Kind, blank=True
    )
    # Names of groups, keys of `portal.staff.roles.ROLES`.
    roles = models.JSONField(_("кому"), default=list, blank=True)
    made_by = models.CharField(_("кто написал"), max_length=150)
    made_at = models.DateTimeField(_("написано"), default=timezone.now)

    class Meta:
        db_table = '"public"."tenants_announcement"'
        ordering = ["-starts_at", "-pk"]
        default_permissions = ("view", "change")
        verbose_name = _("объявление сотрудникам")
        verbose_name_plural = _("объявления сотрудникам")

    def __str__(self) -> str:
        return self.title

    @property
    def state_in_words(self) -> str:
        """Return whether it is shown now, in words."""
        now = timezone.now()
        if self.ends_at <= now:
            return str(_("закончилось"))
        return str(_("ещё не\u00a0началось") if self.starts_at > now else _("показывается"))

    @property
    def is_over(self) -> bool:
        return self.ends_at <= timezone.now()

    @property
    def for_whom(self) -> str:
        """Return whose first page shows it, in words."""
        companies = GasCompany.Kind(self.kind).label if self.kind else _("все компании")
        people = ", ".join(role_titles(self.roles)).lower() if self.roles else _("все сотрудники")
        return f"{companies}: {people}"

    def is_for(self, kind: str, groups: set[str], now: datetime.datetime) -> bool:
        """Tell whether staff with these roles in a company of this kind see it now."""
        if not self.starts_at <= now < self.ends_at or self.kind not in ("", kind):
            return False
        return not self.roles or bool(groups.intersection(self.roles))


class AnnouncementRead(models.Model):
    """A member of staff of a company who has pressed «Прочитано»."""

    announcement = models.ForeignKey(
        Announcement, on_delete=models.CASCADE, related_name="reads", db_index=False
    )
    schema_name = models.CharField(max_length=41)
    user_number = models.BigIntegerField()
    read_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = '"public"."tenants_announcementread"'
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["announcement", "schema_name", "user_number"],
                name="announcement_read_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.schema_name}:{self.user_number}"
