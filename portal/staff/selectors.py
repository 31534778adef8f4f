"""Which staff there are, who may manage them and what a manager may grant."""

from base64 import b32encode
from collections.abc import Collection
from dataclasses import dataclass
from textwrap import wrap

from django.contrib.auth.models import Group
from django_otp.plugins.otp_totp.models import TOTPDevice

from portal.connection import current_schema
from portal.staff.login.sessions import sessions_open
from portal.staff.models import RoleRule, StaffUser
from portal.staff.roles import CENTRAL_EVERYTHING, CENTRAL_ROLES, ROLES, role_of, role_titles


def may_manage(user: StaffUser) -> bool:
    """Tell whether the user manages the staff of the schema that is entered."""
    return user.is_active and user.has_perm("staff.manage_staff")


def grantable_roles(user: StaffUser) -> list[Group]:
    """Return the roles of this schema whose permissions the user has himself."""
    if not may_manage(user):
        return []
    roles = CENTRAL_ROLES if current_schema() == "public" else ROLES
    own = user.get_all_permissions()
    groups = Group.objects.filter(name__in=roles).prefetch_related("permissions__content_type")
    order = list(roles)
    return sorted(
        (group for group in groups if user.is_superuser or _permissions(group) <= own),
        key=lambda group: order.index(group.name),
    )


def role_names(user: StaffUser) -> list[str]:
    """Return the groups of a person; of a superuser the role that is everything."""
    if user.is_superuser:
        return [CENTRAL_EVERYTHING]
    return [group.name for group in user.groups.all()]


def needs_second_factor(groups: Collection[str]) -> bool:
    """Tell whether one of the roles may not work without a second factor, by the portal or the company."""
    if any(role.needs_second_factor for name in groups if (role := role_of(name))):
        return True
    rules = RoleRule.objects.filter(group__name__in=groups, needs_second_factor=True)
    return rules.exists()


def may_change(actor: StaffUser, user: StaffUser) -> bool:
    """Tell whether `actor` may change `user`.

    Not himself, which could lock him out, nobody with rights that he cannot grant, and no central admin's
    row in a company.
    """
    if actor.pk == user.pk or user.central_actor or not may_manage(actor):
        return False
    if current_schema() == "public":
        return True
    grantable = {group.pk for group in grantable_roles(actor)}
    return not user.user_permissions.exists() and all(
        group.pk in grantable for group in user.groups.all()
    )


def may_shut_out(actor: StaffUser, user: StaffUser) -> bool:
    """Tell whether `actor` may deactivate `user`: whom he may change, and who is there from the centre."""
    if user.central_actor:
        return actor.pk != user.pk and may_manage(actor)
    return may_change(actor, user)


def second_factor_roles() -> list[str]:
    """Return the roles of which the company itself asks a second factor, in the order of roles."""
    rules = RoleRule.objects.filter(needs_second_factor=True)
    asked = set(rules.values_list("group__name", flat=True))
    return [name for name in ROLES if name in asked]


def _permissions(group: Group) -> set[str]:
    return {f"{one.content_type.app_label}.{one.codename}" for one in group.permissions.all()}


@dataclass(frozen=True, kw_only=True)
class StaffRow:
    """A line of the list.

    `changeable`: the viewer may change this person; `may_be_ended`: he may end a central admin's stay.
    """

    person: StaffUser
    roles: list[str]
    has_second_factor: bool
    sessions: int
    is_now: bool
    changeable: bool
    may_be_ended: bool


def staff_listed(*, viewer: StaffUser) -> list[StaffRow]:
    """Return all staff of this schema, active first; the queries do not grow with them."""
    protected = set(TOTPDevice.objects.filter(confirmed=True).values_list("user_id", flat=True))
    grantable = {group.pk for group in grantable_roles(viewer)}
    central = current_schema() == "public"
    active = set(StaffUser.objects.filter(is_active=True).values_list("pk", flat=True))
    open_now = {pk: found for pk, found in sessions_open().items() if pk in active}
    people = StaffUser.objects.prefetch_related("groups", "user_permissions")
    return [
        StaffRow(
            person=person,
            roles=role_titles(role_names(person)),
            has_second_factor=person.pk in protected,
            sessions=len(open_now.get(person.pk, ())),
            is_now=any(one.is_now for one in open_now.get(person.pk, ())),
            changeable=person.pk != viewer.pk
            and not person.central_actor
            and (
                central
                or (
                    not person.user_permissions.all()
                    and {group.pk for group in person.groups.all()} <= grantable
                )
            ),
            may_be_ended=bool(person.central_actor)
            and person.is_active
            and not person.central_is_over
            and person.pk != viewer.pk,
        )
        for person in people.order_by("-is_active", "last_name", "username")
    ]


def seed_in_groups(device: TOTPDevice) -> str:
    """Return the secret for typing by hand: Base32 in groups of four."""
    seed = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(wrap(seed, 4))
