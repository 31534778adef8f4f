"""Tokens by which a central admin enters a company: a hand-off, because cookies belong to one host.

The button's link starts the hand-off of `tenants.handoff` from the base host to the company's. A
planted link has no nonce in the victim's browser, and no intent in the victim's session.
"""

import datetime

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django_tenants.utils import schema_context
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Site,
)

from portal.audit.services import audit_write
from portal.connection import current_schema
from portal.secrets import SignedToken
from portal.staff.models import CENTRAL_PREFIX, StaffUser
from tenants import handoff
from tenants.models import EntryToken, GasCompany

INTENT = SignedToken("tenants.entering", datetime.timedelta(hours=1))
SESSION_SECONDS = 3600
GROUP = "Центральный офис"
# Of what the portal itself keeps, the central office sees in a company, but does not change, the rest.
_MANAGED = {"cms_pages", "staff", "wagtailimages", "wagtaildocs", "wagtailcore", "wagtailredirects"}


def intent_key(session_key: str, company_id: int) -> str:
    """Return what the button's link carries: others cannot make it up, another admin cannot use it."""
    return INTENT.make([session_key, company_id])


def is_intended(key: str, session_key: str, company_id: int) -> bool:
    """Tell whether the key is of a button of this session and company."""
    return bool(session_key) and INTENT.read(key) == [session_key, company_id]


def token_issue(*, company: GasCompany, nonce_hash: str, actor: str) -> str:
    """Return a secret for one entry of a central admin, by the browser that has the nonce."""
    return handoff.token_write(
        EntryToken, nonce_hash=nonce_hash, schema_name=company.schema_name, actor=actor
    )


@transaction.atomic
def token_redeem(*, company: GasCompany, token: str, nonce: str, address: str) -> StaffUser | None:
    """Return the staff row to log in, in the company's schema, which is entered; None: refused.

    The token's row is locked until it is gone, so of several at once one succeeds.
    """
    waiting = EntryToken.objects.select_for_update().filter(
        **handoff.token_condition(token=token, nonce=nonce), schema_name=current_schema()
    )
    entry = waiting.first()
    if entry is None:
        return None
    actor = entry.actor
    entry.delete()
    user = _central_staff(actor)
    audit_write(actor=user, action="company.entered", subject=company, address=address)
    with schema_context("public"):
        admin = StaffUser.objects.filter(username=actor).first()
        audit_write(actor=admin, action="company.entered", subject=company, address=address)
    return user


def _central_staff(actor: str) -> StaffUser:
    """Make the admin's staff row in the company: without a password, never a superuser."""
    user, is_new = StaffUser.objects.get_or_create(username=f"{CENTRAL_PREFIX}{actor}"[:150])
    if is_new:
        user.set_unusable_password()
    user.is_active, user.is_staff, user.is_superuser = True, False, False
    user.last_name = GROUP
    user.save()
    user.groups.set([_group()])
    return user


def _group() -> Group:
    group, _ = Group.objects.get_or_create(name=GROUP)
    permissions = Permission.objects.select_related("content_type")
    group.permissions.set(
        one
        for one in permissions
        if one.content_type.app_label in _MANAGED
        or one.codename.startswith("view_")
        or one.codename == "access_admin"
    )
    home = Site.objects.get(is_default_site=True).root_page
    for one in permissions.filter(
        content_type__app_label="wagtailcore", content_type__model="page"
    ):
        GroupPagePermission.objects.get_or_create(group=group, page=home, permission=one)
    collection = Collection.get_first_root_node()
    for one in permissions.filter(content_type__app_label__in=["wagtailimages", "wagtaildocs"]):
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=collection, permission=one
        )
    return group
