"""Who may manage staff, and what he may grant."""

from django.contrib.auth.models import Group

from portal.connection import current_schema
from portal.staff.models import StaffUser
from portal.staff.roles import ROLES


def may_manage(user: StaffUser) -> bool:
    """Central admins on the base host; in a company whoever has the permission for it."""
    if current_schema() == "public":
        return user.is_active and user.is_superuser
    return user.is_active and user.has_perm("staff.manage_staff")


def grantable_roles(user: StaffUser) -> list[Group]:
    """The roles of this company all of whose permissions `user` has himself; none in public."""
    if current_schema() == "public" or not may_manage(user):
        return []
    own = user.get_all_permissions()
    groups = Group.objects.filter(name__in=ROLES).prefetch_related("permissions__content_type")
    order = list(ROLES)
    return sorted(
        (group for group in groups if _permissions(group) <= own),
        key=lambda group: order.index(group.name),
    )


def may_change(actor: StaffUser, user: StaffUser) -> bool:
    """Not himself, which could lock him out, and nobody who has what he cannot grant."""
    if actor.pk == user.pk or not may_manage(actor):
        return False
    if current_schema() == "public":
        return True
    grantable = {group.pk for group in grantable_roles(actor)}
    return not user.user_permissions.exists() and all(
        group.pk in grantable for group in user.groups.all()
    )


def _permissions(group: Group) -> set[str]:
    return {f"{one.content_type.app_label}.{one.codename}" for one in group.permissions.all()}
