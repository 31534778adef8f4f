"""What changes announcements, each with its row in the log."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.audit.changes import changes_between, row_values
from portal.audit.services import audit_write
from portal.staff.models import StaffUser
from portal.staff.roles import role_titles
from tenants.models import Announcement, AnnouncementRead
from tenants.routing import forget_routes

_LOGGED = ("title", "text", "is_important", "starts_at", "ends_at", "kind")


class AnnouncementOver(Exception):
    """The announcement is shown no longer; the reason is in Russian."""


@transaction.atomic
def announcement_save(*, announcement: Announcement, actor: StaffUser) -> Announcement:
    """Save a new announcement or a changed one; who had read the old words reads the new ones."""
    before: dict[str, str] = {}
    if announcement.pk:
        old = Announcement.objects.select_for_update().get(pk=announcement.pk)
        before = _in_words(old)
        if (old.title, old.text) != (announcement.title, announcement.text):
            AnnouncementRead.objects.filter(announcement=old).delete()
    else:
        announcement.made_by = actor.get_username()
    announcement.save()
    audit_write(
        actor=actor,
        action="announcement.saved",
        subject=announcement,
        changes=changes_between(before, _in_words(announcement)),
    )
    transaction.on_commit(forget_routes)
    return announcement


@transaction.atomic
def announcement_end(*, announcement_id: int, actor: StaffUser) -> None:
    """Show it no longer. Raises AnnouncementOver."""
    now = timezone.now()
    going = Announcement.objects.select_for_update().filter(ends_at__gt=now)
    found = going.filter(pk=announcement_id).first()
    if found is None:
        raise AnnouncementOver(_("Это объявление уже закончилось."))
    before = _in_words(found)
    found.ends_at = now
    found.starts_at = min(found.starts_at, now)
    found.save(update_fields=["starts_at", "ends_at"])
    audit_write(
        actor=actor,
        action="announcement.ended",
        subject=found,
        changes=changes_between(before, _in_words(found)),
    )
    transaction.on_commit(forget_routes)


def announcement_mark_read(*, announcement: Announcement, schema: str, user: StaffUser) -> None:
    """Remember that a member of a company's staff has read it. Again is nothing."""
    AnnouncementRead.objects.bulk_create(
        [AnnouncementRead(announcement=announcement, schema_name=schema, user_number=user.pk)],
        ignore_conflicts=True,
    )


def _in_words(announcement: Announcement) -> dict[str, str]:
    roles = ", ".join(role_titles(announcement.roles))
    return {**row_values(announcement, _LOGGED), "Кому": roles or "всем сотрудникам"}
