"""Invitations of staff by a secret link: sent, withdrawn, accepted."""

import datetime
from collections.abc import Callable, Sequence

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.audit.services import audit_write
from portal.connection import current_schema
from portal.messaging.services import message_send
from portal.secrets import new_secret, secret_hash
from portal.staff.exceptions import InvitationExpired, StaffRuleBroken
from portal.staff.models import StaffInvitation, StaffUser
from portal.staff.roles import CENTRAL_EVERYTHING, role_titles
from portal.staff.selectors import may_manage
from portal.staff.services import roles_checked

LIFETIME = datetime.timedelta(days=3)


@transaction.atomic
def invitation_send(
    *,
    invited_by: StaffUser | None,
    email: str,
    roles: Sequence[str],
    company_name: str,
    link_address: Callable[[str], str],
) -> StaffInvitation:
    """Invite a person to the current schema by mail; an earlier invitation of the address ends.

    `roles` are names of groups. `invited_by` None is the portal itself, for a new company's first
    administrator. `link_address` makes an absolute address on this host of the link's secret. Raises
    StaffRuleBroken.
    """
    email = email.strip().lower()
    groups = _groups(invited_by, roles)
    if StaffUser.objects.filter(Q(username__iexact=email) | Q(email__iexact=email)).exists():
        raise StaffRuleBroken("Сотрудник с таким адресом уже есть.")
    StaffInvitation.objects.filter(email=email).delete()
    secret = new_secret()
    invitation = StaffInvitation.objects.create(
        email=email,
        token_hash=_hash(secret),
        invited_by=invited_by,
        expires_at=timezone.now() + LIFETIME,
    )
    invitation.groups.set(groups)
    message_send(
        kind="staff_invitation",
        recipient=email,
        context={
            "company_name": company_name,
            "to_office": current_schema() == "public",
            "roles": role_titles([group.name for group in groups]),
            "url": link_address(secret),
            "days": LIFETIME.days,
        },
    )
    details = {"roles": role_titles(list(roles))}
    audit_write(actor=invited_by, action="staff.invite", subject=email, details=details)
    return invitation


@transaction.atomic
def invitation_withdraw(*, actor: StaffUser, invitation: StaffInvitation) -> None:
    """Delete an invitation. Raises StaffRuleBroken."""
    if not may_manage(actor):
        raise StaffRuleBroken("На это у вас нет прав.")
    invitation.delete()
    audit_write(actor=actor, action="staff.invite_withdraw", subject=invitation.email)


def invitation_find(*, secret: str) -> StaffInvitation:
    """Return the invitation of a link. Raises InvitationExpired."""
    return _valid(StaffInvitation.objects.all(), secret)


@transaction.atomic
def invitation_accept(*, secret: str, first_name: str, last_name: str, password: str) -> StaffUser:
    """Make the member of staff, whose login is the address. Works once; raises InvitationExpired."""
    invitation = _valid(StaffInvitation.objects.select_for_update(of=["self"]), secret)
    central = current_schema() == "public"
    user = StaffUser(
        username=invitation.email,
        email=invitation.email,
        first_name=first_name,
        last_name=last_name,
        is_staff=central,
        is_superuser=central and invitation.groups.filter(name=CENTRAL_EVERYTHING).exists(),
    )
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:  # the login was made meanwhile
        raise InvitationExpired from error
    user.groups.set(invitation.groups.all())
    invitation.delete()
    audit_write(actor=user, action="staff.accept", subject=invitation.email)
    return user


def _groups(invited_by: StaffUser | None, roles: Sequence[str]) -> list[Group]:
    if invited_by is None:
        return [Group.objects.get(name=name) for name in roles]
    if not may_manage(invited_by):
        raise StaffRuleBroken("На это у вас нет прав.")
    return roles_checked(actor=invited_by, roles=roles)


def _valid(invitations: QuerySet[StaffInvitation], secret: str) -> StaffInvitation:
    invitation = invitations.filter(token_hash=_hash(secret), expires_at__gt=timezone.now()).first()
    if invitation is None:
        raise InvitationExpired
    sender = invitation.invited_by
    # A central admin's row ends with his hour, his invitation does not.
    if sender is not None and not sender.central_actor:
        try:
            _groups(sender, [group.name for group in invitation.groups.all()])
        except StaffRuleBroken as error:
            raise InvitationExpired from error
    return invitation


def _hash(secret: str) -> str:
    return secret_hash(secret, schema=current_schema())
