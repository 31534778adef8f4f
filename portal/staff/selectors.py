from base64 import b32encode
from dataclasses import dataclass
from textwrap import wrap

from django_otp.plugins.otp_totp.models import TOTPDevice

from portal.connection import current_schema
from portal.staff.managing import titles
from portal.staff.models import StaffUser
from portal.staff.rules import grantable_roles


@dataclass(frozen=True, kw_only=True)
class StaffRow:
    """A line of the list; `changeable`: the viewer may change this person."""

    person: StaffUser
    roles: list[str]
    has_second_factor: bool
    changeable: bool


def staff_listed(*, viewer: StaffUser) -> list[StaffRow]:
    """All staff of this schema, those who may come in first; the queries do not grow with them."""
    protected = set(TOTPDevice.objects.filter(confirmed=True).values_list("user_id", flat=True))
    grantable = {group.pk for group in grantable_roles(viewer)}
    central = current_schema() == "public"
    people = StaffUser.objects.prefetch_related("groups", "user_permissions")
    return [
        StaffRow(
            person=person,
            roles=["Центральный администратор"]
            if person.is_superuser
            else titles([group.name for group in person.groups.all()]),
            has_second_factor=person.pk in protected,
            changeable=person.pk != viewer.pk
            and (
                central
                or (
                    not person.user_permissions.all()
                    and {group.pk for group in person.groups.all()} <= grantable
                )
            ),
        )
        for person in people.order_by("-is_active", "last_name", "username")
    ]


def seed_in_groups(device: TOTPDevice) -> str:
    """The secret as people type it who cannot scan: Base32 in groups of four."""
    seed = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(wrap(seed, 4))
