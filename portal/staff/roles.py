"""What staff may do: roles are groups, the same in every company; in public, those of the central office.

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
    Collection,
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
CENTRAL_READERS = "Central readers"
CENTRAL_CONTENT = "Central content"
CENTRAL_COMPANIES = "Central companies"
# Its members are superusers; the group itself has no permission.
CENTRAL_EVERYTHING = "Central everything"


APPROVAL = "Проверка модератором"
WAGTAILS_APPROVAL = "Moderators approval"
COMMON_FOLDER = "Общая папка"


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
ROLES[COMPANY_ADMINISTRATORS].permissions.update({"staff.manage_staff", "audit.view_auditentry"})
for _group in (MODERATORS, COMPANY_ADMINISTRATORS):
    # Not the editors': a redirect is published at once.
    ROLES[_group].permissions.update(
        f"wagtailredirects.{verb}_redirect" for verb in ("add", "change", "delete")
    )


# The central office asks a second factor of everybody.
CENTRAL_ROLES: dict[str, Role] = {
    role.group: role
    for role in (
        Role(CENTRAL_READERS, _("Читатель"), _("видит весь офис, ничего не\u00a0меняет"), (), True),
        Role(
            CENTRAL_CONTENT,
            _("Содержание"),
            _("пишет и\u00a0рассылает общие материалы и\u00a0объявления"),
            (),
            True,
        ),
        Role(
            CENTRAL_COMPANIES,
            _("Компании"),
            _("ведёт компании, их адреса и\u00a0правовые нормы, входит в\u00a0компании"),
            (),
            True,
        ),
        Role(
            CENTRAL_EVERYTHING,
            _("Всё"),
            _("может всё: ведёт сотрудников офиса, удаляет компании, скачивает архивы"),
            (),
            True,
        ),
    )
}


def role_of(group: str) -> Role | None:
    """Return a company's or the central office's role; None for a group that is none."""
    return ROLES.get(group) or CENTRAL_ROLES.get(group)


def role_permissions_add(group: str, *permissions: str) -> None:
    """Let a role do more. Raises KeyError for an unknown role."""
    (ROLES if group in ROLES else CENTRAL_ROLES)[group].permissions.update(permissions)


def role_permissions(group: str) -> set[str]:
    """Return all that a role may do; an administrator also what the roles that he grants may."""
    if group in CENTRAL_ROLES:
        return CENTRAL_ROLES[group].permissions
    if group != COMPANY_ADMINISTRATORS:
        return ROLES[group].permissions
    return set().union(*(role.permissions for role in ROLES.values()))


def role_titles(groups: Sequence[str]) -> list[str]:
    return [str(role.title) if (role := role_of(name)) else name for name in groups]


@transaction.atomic
def roles_create() -> None:
    """Make the groups of all roles in the current schema, or add what they lack. Takes nothing away."""
    for role in ROLES.values():
        group, _new = Group.objects.get_or_create(name=role.group)
        group.permissions.add(*_permissions(role))
        _let_into_pages(group, role)
    _let_into_collections(Group.objects.get(name=COMPANY_ADMINISTRATORS))
    for name in (EDITORS, MODERATORS, COMPANY_ADMINISTRATORS):
        folders_let(Group.objects.get(name=name))
    _moderation_in_russian()
    _common_folder_in_russian()


@transaction.atomic
def central_roles_create() -> None:
    """Make the groups of the central office in public, or bring them to what they may: all see all."""
    views = list(Permission.objects.filter(codename__startswith="view_"))
    for role in CENTRAL_ROLES.values():
        group, _new = Group.objects.get_or_create(name=role.group)
        if role.group != CENTRAL_EVERYTHING:
            group.permissions.set([*views, *_permissions(role)])
    _common_folder_in_russian()


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


def folders_let(group: Group) -> None:
    """Let a group make, rename and remove folders (collections) of pictures and documents."""
    for verb in ("add", "change", "delete"):
        GroupCollectionPermission.objects.get_or_create(
            group=group,
            collection=Collection.get_first_root_node(),
            permission=Permission.objects.get(
                content_type__app_label="wagtailcore", codename=f"{verb}_collection"
            ),
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


def _common_folder_in_russian() -> None:
    """Name the folder above all others: Wagtail calls it «Root» and offers it in every choice."""
    Collection.objects.filter(depth=1).update(name=COMMON_FOLDER)
