"""Tokens by which a central admin enters a company: a hand-off, because cookies belong to one host.

The button's link starts the hand-off of `tenants.handoff` from the base host to the company's. A
planted link has no nonce in the victim's browser, and no intent in the victim's session.
"""

import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils import timezone
from django_tenants.utils import schema_context
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Site,
)

from portal.audit.models import CENTRAL_PREFIX
from portal.audit.services import audit_write
from portal.connection import current_schema
from portal.secrets import SignedToken
from portal.staff.models import StaffInvitation, StaffUser
from portal.staff.roles import EDITORS, folders_let, role_permissions
from portal.staff.services import central_rows
from tenants import handoff
from tenants.models import EntryToken, GasCompany
from tenants.routing import is_behind

INTENT = SignedToken("tenants.entering", datetime.timedelta(hours=1))
SESSION_SECONDS = 3600
# Who leads companies enters them, too.
ENTER = "tenants.change_gascompany"
GROUP = "Центральный офис"
# What the central office changes in a company is content, and in `portal.staff` its people. It sees the
# rest. Rights over pages stand at the home page.
_CONTENT = {"cms_pages", "wagtailimages", "wagtaildocs", "wagtailredirects"}
_MORE = {
    "wagtailadmin.access_admin",
    "wagtailcore.add_collection",
    "wagtailcore.change_collection",
    "wagtailcore.delete_collection",
    "staff.manage_staff",
    "appeals.see_appeal_figures",  # numbers without persons
}


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
    with schema_context("public"):
        admin = StaffUser.objects.filter(username=actor).first()
        if admin is None or not admin.has_perm(ENTER):
            return None
        audit_write(actor=admin, action="company.entered", subject=company, address=address)
    user = staff_row_open(actor)
    audit_write(actor=user, action="company.entered", subject=company, address=address)
    return user


def stays_end(*, actor: str) -> None:
    """End the stays, and the invitations, of a central admin who is none any more, in all companies.

    A company whose schema is behind answers nobody, and may lack the columns.
    """
    for schema in GasCompany.objects.values_list("schema_name", flat=True):
        if is_behind(schema):
            continue
        with schema_context(schema):
            rows = central_rows().filter(central_actor=_fitting(actor))
            rows.update(is_active=False)
            StaffInvitation.objects.filter(invited_by__in=rows).delete()


def staff_row_open(actor: str) -> StaffUser:
    """Make a central admin's staff row in the company that is entered, or open it again for an hour.

    A new unusable password ends sessions of an earlier hour. The table refuses any other
    (`portal.staff.models`).
    """
    actor = _fitting(actor)
    user, _new = StaffUser.objects.update_or_create(
        username=f"{CENTRAL_PREFIX}{actor}",
        defaults={
            "central_actor": actor,
            "central_until": timezone.now() + datetime.timedelta(seconds=SESSION_SECONDS),
            "password": make_password(None),
            "is_active": True,
        },
    )
    user.groups.set([_group()])
    user.user_permissions.clear()
    return user


def _fitting(actor: str) -> str:
    return actor[: StaffUser._meta.get_field("central_actor").max_length]


def _group() -> Group:
    group, _ = Group.objects.get_or_create(name=GROUP)
    permissions = Permission.objects.select_related("content_type")
    # What editors may is content too, and who may not do it himself could invite no editor.
    more = _MORE | role_permissions(EDITORS)
    group.permissions.set(
        one
        for one in permissions
        if one.content_type.app_label in _CONTENT
        or one.codename.startswith("view_")
        or f"{one.content_type.app_label}.{one.codename}" in more
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
    folders_let(group)
    return group
