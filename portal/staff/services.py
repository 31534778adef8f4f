"""Changes of members of staff, each logged in its transaction."""

from collections.abc import Callable, Sequence

from django.contrib.auth.models import Group
from django.db import models, transaction
from django.utils import timezone
from wagtail.models import Comment, CommentReply

from portal.audit.changes import Change
from portal.audit.services import audit_write
from portal.connection import current_schema
from portal.staff.exceptions import StaffRuleBroken
from portal.staff.login.second_factor import second_factor_remove
from portal.staff.login.sessions import sessions_forget
from portal.staff.models import RoleRule, StaffUser
from portal.staff.roles import CENTRAL_EVERYTHING, ROLES, role_titles
from portal.staff.selectors import (
    grantable_roles,
    may_change,
    may_manage,
    may_shut_out,
    role_names,
    second_factor_roles,
)

# An inactive row without a way in, which keeps what Wagtail would delete with its author.
KEEPER = "central-office"


@transaction.atomic
def staff_create(
    *,
    username: str,
    password: str,
    email: str = "",
    groups: Sequence[str] = (),
    superuser: bool = False,
) -> StaffUser:
    """Make a member of staff in the current schema, or bring an existing one to this state.

    `groups` are names of existing groups (raises Group.DoesNotExist). `superuser` is for public only:
    raises PermissionDenied elsewhere.
    """
    user = StaffUser.objects.filter(username=username).first() or StaffUser(
        username=username, email=email
    )
    user.set_password(password)
    user.is_superuser, user.is_staff = superuser, current_schema() == "public"
    user.save()
    user.groups.set(Group.objects.get(name=name) for name in groups)
    return user


@transaction.atomic
def staff_set_roles(*, actor: StaffUser, user: StaffUser, roles: Sequence[str]) -> None:
    """Give exactly these roles, by group names. Raises StaffRuleBroken."""
    actor, user = _locked(actor, user)
    groups = roles_checked(actor=actor, roles=roles)
    before = sorted(role_names(user))
    user.groups.set(groups)
    if current_schema() == "public":
        user.is_superuser = any(group.name == CENTRAL_EVERYTHING for group in groups)
        user.save(update_fields=["is_superuser"])
    after = sorted(group.name for group in groups)
    if before != after:
        details = {"before": role_titles(before), "after": role_titles(after)}
        audit_write(actor=actor, action="staff.roles", subject=user, details=details)


@transaction.atomic
def staff_set_active(*, actor: StaffUser, user: StaffUser, active: bool) -> None:
    """Let in or shut out, which ends the sessions that are open for good. Raises StaffRuleBroken.

    A central admin's stay in a company can be ended; he comes in by the hand-off alone.
    """
    actor, user = _locked(actor, user, may_shut_out if not active else may_change)
    user.is_active = active
    user.save(update_fields=["is_active"])
    if not active:
        sessions_forget(user)
    action = "staff.activate" if active else "staff.deactivate"
    audit_write(actor=actor, action=action, subject=user)


@transaction.atomic
def staff_end_sessions(*, actor: StaffUser, user: StaffUser) -> None:
    """End all sessions of a colleague, who may log in again. Raises StaffRuleBroken."""
    actor, user = _locked(actor, user)
    sessions_forget(user)
    audit_write(actor=actor, action="staff.sessions_end", subject=user)


@transaction.atomic
def second_factor_rules_set(*, actor: StaffUser, roles: Sequence[str]) -> None:
    """Have these roles of the company need a second factor, besides those of the portal's rules.

    Raises StaffRuleBroken.
    """
    if not may_manage(actor):
        raise StaffRuleBroken("На это у вас нет прав.")
    before = role_titles(second_factor_roles())
    for group in Group.objects.filter(name__in=ROLES):
        wanted = group.name in roles
        RoleRule.objects.update_or_create(group=group, defaults={"needs_second_factor": wanted})
    after = role_titles(second_factor_roles())
    if before != after:
        change = Change("Второй фактор обязателен", ", ".join(before), ", ".join(after))
        audit_write(actor=actor, action="staff.second_factor_rules", changes=[change])


@transaction.atomic
def staff_reset_second_factor(*, actor: StaffUser, user: StaffUser) -> None:
    """Remove a lost second factor: the next login sets up another. Raises StaffRuleBroken."""
    actor, user = _locked(actor, user)
    second_factor_remove(user=user)
    audit_write(actor=actor, action="staff.second_factor_reset", subject=user)


def central_rows() -> models.QuerySet[StaffUser]:
    """Return the rows of central admins in the schema that is entered."""
    return StaffUser.objects.exclude(central_actor="")


@transaction.atomic
def central_entry_leave(*, user: StaffUser) -> None:
    """End a central admin's stay, in whichever browsers it is open."""
    central_rows().filter(pk=user.pk).update(is_active=False)
    audit_write(actor=user, action="company.left")


def central_entries_sweep() -> int:
    """End the stays whose hour is over. Return how many."""
    over = central_rows().filter(is_active=True, central_until__lte=timezone.now())
    return over.update(is_active=False)


@transaction.atomic
def central_rows_delete() -> None:
    """Delete central admins' rows, so that an archive has none. What refers to them stays.

    Comments on pages go to an inactive row; other content forgets its author, who is in the audit log.
    """
    rows = central_rows()
    for model in (Comment, CommentReply):
        theirs = model.objects.filter(user__in=rows)
        if theirs.exists():
            keeper, is_new = StaffUser.objects.get_or_create(
                username=KEEPER, defaults={"is_active": False, "last_name": "Центральный офис"}
            )
            if is_new:
                keeper.set_unusable_password()
                keeper.save(update_fields=["password"])
            theirs.update(user=keeper)
    rows.delete()


def roles_checked(*, actor: StaffUser, roles: Sequence[str]) -> list[Group]:
    """Return the groups of these names. Raises StaffRuleBroken if `actor` may not grant one."""
    grantable = {group.name: group for group in grantable_roles(actor)}
    if set(roles) - set(grantable):
        raise StaffRuleBroken("Нельзя дать роль, прав которой нет у вас.")
    return [grantable[name] for name in roles]


def _locked(
    actor: StaffUser,
    user: StaffUser,
    allowed: Callable[[StaffUser, StaffUser], bool] = may_change,
) -> tuple[StaffUser, StaffUser]:
    """Lock and read both rows: of two administrators who deactivate each other, one wins."""
    if actor.pk == user.pk:
        raise StaffRuleBroken("Себя изменить нельзя: попросите другого администратора.")
    rows = StaffUser.objects.select_for_update().filter(pk__in=[actor.pk, user.pk]).order_by("pk")
    found = {row.pk: row for row in rows}
    if len(found) < 2 or not allowed(found[actor.pk], found[user.pk]):
        raise StaffRuleBroken("На это у вас нет прав.")
    return found[actor.pk], found[user.pk]
