"""Which announcements a member of a company's staff sees."""

from django.utils import timezone

from portal.staff.models import StaffUser
from tenants.models import Announcement, AnnouncementRead, GasCompany
from tenants.routing import remembered


def announcements_for(user: StaffUser, company: GasCompany) -> list[Announcement]:
    """Return those shown to this person now, important ones first.

    All that are not over are remembered for a few seconds, so most pages of companies do not ask public.
    """
    coming: list[Announcement] = remembered(
        ("announcements",),
        lambda: list(Announcement.objects.filter(ends_at__gt=timezone.now())),
    )
    if not coming:
        return []
    groups = set(user.groups.values_list("name", flat=True))
    now = timezone.now()
    shown = [one for one in coming if one.is_for(company.kind, groups, now)]
    return sorted(shown, key=lambda one: not one.is_important)


def read_numbers(user: StaffUser, company: GasCompany, shown: list[Announcement]) -> set[int]:
    """Return the numbers of those that this person has read."""
    if not shown:
        return set()
    reads = AnnouncementRead.objects.filter(
        announcement__in=shown, schema_name=company.schema_name, user_number=user.pk
    )
    return set(reads.values_list("announcement_id", flat=True))
