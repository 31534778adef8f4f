"""What a company's staff may do: roles are groups, the same in every company.

The groups keep the names that Wagtail gives its own two; people read the titles. Apps above add what
their desks need with `role_permissions_add` in `AppConfig.ready`; `staff_roles` brings it to companies
that exist.
"""

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EDITORS = "Editors"
MODERATORS = "Moderators"
OPERATORS = "Operators"
CASHIERS = "Cashiers"
COMPANY_ADMINISTRATORS = "Company administrators"


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
        Role(OPERATORS, _("Оператор"), _("ведёт обмен с биллингом, смотрит показания абонентов")),
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
    """All that the role may do. An administrator may do what the roles that he grants may."""
    if group != COMPANY_ADMINISTRATORS:
        return ROLES[group].permissions
    return set().union(*(role.permissions for role in ROLES.values()))
