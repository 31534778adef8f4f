"""What a company's staff may do: roles are groups, the same in every company.

The groups keep the names that Wagtail gives its own two; people read the titles. Apps above add what
their desks need with `role_permissions_add` in `AppConfig.ready`; `staff_roles` brings it to companies
that exist.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.models import (
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

EDITORS = "Editors"
MODERATORS = "Moderators"
OPERATORS = "Operators"
CASHIERS = "Cashiers"
COMPANY_ADMINISTRATORS = "Company administrators"


APPROVAL = "Проверка модератором"
WAGTAILS_APPROVAL = "Moderators approval"


class PermissionMissing(Exception):
    """A role names a permission that this schema does not have."""


@dataclass(frozen=True)
class Role:
    """`pages`: what it may do with every page; `permissions`: `app.codename`."""

    group: str
    title: str | Promise
    hint: str | Promise
    pages: tuple[str, ...] = ()
    needs_second_factor: bool = False
    permissions: set[str] = field(default_factory=lambda: {"wagtailadmin.access_admin"})


_WRITES = ("add", "change")
_PUBLISHES = (*_WRITES, "publish", "lock", "unlock")
# As Wagtail's own migrations give them to these two.
_MEDIA = {
    f"{app}.{verb}_{kind}"
    for app, kind in (("wagtailimages", "image"), ("wagtaildocs", "document"))
    for verb in ("add", "change", "choose", "delete")
}

ROLES: dict[str, Role] = {
    role.group: role
    for role in (
        Role(EDITORS, _("Редактор"), _("пишет страницы и новости"), _WRITES),
        Role(MODERATORS, _("Модератор"), _("проверяет и публикует"), _PUBLISHES),
        Role(
            OPERATORS,
            _("Оператор"),
            _("рассматривает заявки, помогает абонентам, ведёт обмен с биллингом"),
        ),
        Role(CASHIERS, _("Кассир"), _("видит платежи и возвраты"), (), True),
        Role(
            COMPANY_ADMINISTRATORS,
            _("Администратор компании"),
            _("приглашает сотрудников и назначает роли"),
            _PUBLISHES,
            True,
        ),
    )
}
for _group in (EDITORS, MODERATORS):
    ROLES[_group].permissions.update(_MEDIA)
ROLES[COMPANY_ADMINISTRATORS].permissions.update(
    {"staff.manage_staff", "audit.view_auditentry", "wagtailredirects.change_redirect"}
)


def role_permissions_add(group: str, *permissions: str) -> None:
    """Let a role do more. Raises KeyError for an unknown role."""
    ROLES[group].permissions.update(permissions)


def role_permissions(group: str) -> set[str]:
    """Return all that a role may do; an administrator also what the roles that he grants may."""
    if group != COMPANY_ADMINISTRATORS:
        return ROLES[group].permissions
    return set().union(*(role.permissions for role in ROLES.values()))


def role_titles(groups: Sequence[str]) -> list[str]:
    return [str(ROLES[name].title) if name in ROLES else name for name in groups]


@transaction.atomic
def roles_create() -> None:
    """Make the groups of all roles in the current schema, or add what they lack. Takes nothing away."""
    for role in ROLES.values():
        group, _new = Group.objects.get_or_create(name=role.group)
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
    """Give a group pictures and documents, as Wagtail gives them to its moderators."""
    for one in GroupCollectionPermission.objects.filter(group__name=MODERATORS):
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=one.collection, permission=one.permission
        )


def _moderation_in_russian() -> None:
    """Make one workflow for all pages: an editor submits, a moderator publishes."""
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
