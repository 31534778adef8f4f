"""The roles' groups in a schema: made with a company, brought up to date by `staff_roles`."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q
from wagtail.models import (
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from portal.staff.roles import COMPANY_ADMINISTRATORS, MODERATORS, ROLES, Role, role_permissions

APPROVAL = "Проверка модератором"
WAGTAILS_APPROVAL = "Moderators approval"


class PermissionMissing(Exception):
    """A role names a permission that this schema does not have."""


@transaction.atomic
def roles_create() -> None:
    """Make the groups of all roles in the current schema, or add what they lack. Takes nothing away."""
    for role in ROLES.values():
        group, _ = Group.objects.get_or_create(name=role.group)
        group.permissions.add(*_permissions(role))
        _let_into_pages(group, role)
    _let_into_collections(Group.objects.get(name=COMPANY_ADMINISTRATORS))
    _moderation_in_russian()


def _permissions(role: Role) -> list[Permission]:
    wanted = {tuple(name.split(".", 1)) for name in role_permissions(role.group)}
    which = Q()
    for app_label, codename in wanted:
        which |= Q(content_type__app_label=app_label, codename=codename)
    found = list(Permission.objects.filter(which).select_related("content_type"))
    missing = wanted - {(one.content_type.app_label, one.codename) for one in found}
    if missing:
        raise PermissionMissing(f"{role.group}: {sorted(missing)}")
    return found


def _let_into_pages(group: Group, role: Role) -> None:
    for kind in role.pages:
        permission = Permission.objects.get(
            content_type__app_label="wagtailcore", codename=f"{kind}_page"
        )
        if not GroupPagePermission.objects.filter(group=group, permission=permission).exists():
            GroupPagePermission.objects.create(
                group=group, page=Page.get_first_root_node(), permission=permission
            )


def _let_into_collections(group: Group) -> None:
    """Pictures and documents, as Wagtail gives them to its moderators."""
    for one in GroupCollectionPermission.objects.filter(group__name=MODERATORS):
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=one.collection, permission=one.permission
        )


def _moderation_in_russian() -> None:
    """One workflow for all pages: an editor submits, a moderator publishes."""
    GroupApprovalTask.objects.filter(name=WAGTAILS_APPROVAL).update(name=APPROVAL)
    Workflow.objects.filter(name=WAGTAILS_APPROVAL).update(name=APPROVAL)
    root = Page.get_first_root_node()
    if WorkflowPage.objects.filter(page=root).exists():
        return
    task = GroupApprovalTask.objects.create(name=APPROVAL)
    task.groups.add(Group.objects.get(name=MODERATORS))
    workflow = Workflow.objects.create(name=APPROVAL)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.create(workflow=workflow, page=root)
