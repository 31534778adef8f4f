from typing import TYPE_CHECKING, Any

from django.apps import AppConfig
from django.db.models.signals import post_save

from portal.connection import current_schema

if TYPE_CHECKING:
    from portal.staff.models import StaffUser


# What the central role «Компании» may do, beside seeing all.
CENTRAL_RIGHTS = {
    "gascompany": ("add", "change"),
    "legalrecord": ("add", "change", "delete"),
    "calendarday": ("add", "change", "delete"),
}


class TenantsConfig(AppConfig):
    name = "tenants"
    verbose_name = "Компании"

    def ready(self) -> None:
        from portal.audit.actions import action_titles_add
        from portal.audit.words import detail_words_add
        from portal.staff.admin_home_items import admin_home_items_add
        from portal.staff.roles import CENTRAL_COMPANIES, CENTRAL_CONTENT, role_permissions_add
        from tenants import patches
        from tenants.central_admin.admin import central_home_items
        from tenants.events import EVENT_TITLES, tenant_step
        from tenants.models import SharedDelivery
        from tenants.office import search
        from tenants.opening.checks import OWN, opening_check_register, preparation_home_tasks
        from tenants.opening.copying import part_register
        from tenants.opening.quiet_hours import QUIET_HOURS

        patches.install()
        for model, verbs in CENTRAL_RIGHTS.items():
            for verb in verbs:
                role_permissions_add(CENTRAL_COMPANIES, f"tenants.{verb}_{model}")
        role_permissions_add(CENTRAL_CONTENT, "tenants.change_announcement")
        post_save.connect(central_admin_saved, sender="staff.StaffUser")
        admin_home_items_add(central_home_items)
        tenant_step(roles_of_company)
        for check in OWN:
            opening_check_register(check)
        admin_home_items_add(preparation_home_tasks)
        part_register(QUIET_HOURS)
        _counters_register()
        search.office_search_add(
            search.companies_found,
            search.staff_found,
            search.rules_found,
            search.proposals_found,
            search.archives_found,
            search.announcements_found,
        )
        action_titles_add(EVENT_TITLES)
        detail_words_add("shared.", dict(SharedDelivery.Wish.choices), "wish")


def central_admin_saved(
    instance: "StaffUser", update_fields: frozenset[str] | None = None, **_: Any
) -> None:
    """End the stays in companies of a central admin who is shut out, or may enter none any more."""
    decides = {"is_active", "is_superuser"}
    if current_schema() != "public" or (update_fields and not decides & update_fields):
        return
    from tenants.central_admin.entry import ENTER, stays_end

    fresh = type(instance).objects.get(pk=instance.pk)  # its permissions are not remembered
    if not fresh.has_perm(ENTER):
        stays_end(actor=fresh.get_username())


def roles_of_company(company: object) -> None:
    """Make the groups of a new company. Here, because `portal.staff` knows no companies."""
    from portal.staff.roles import roles_create

    roles_create()


def _counters_register() -> None:
    from portal.messaging.services import messages_failed
    from tenants.archives.services import exports_failed
    from tenants.fleet import Counter, counter_register, failures_connect, tasks_failed
    from tenants.hosts.services import COUNTER as HOSTS
    from tenants.selectors import deliveries_failed

    failures_connect()
    counter_register(HOSTS)
    counter_register(
        Counter(
            code="tasks_failed",
            label="Сбоев задач за 2 дня",
            count=tasks_failed,
            order=75,
            alarm=True,
        )
    )
    counter_register(
        Counter(
            code="exports_failed",
            label="Неудачных выгрузок",
            count=exports_failed,
            order=80,
            alarm=True,
            central_rows="tenants_gascompany_modeladmin_inspect",
        )
    )

    counter_register(
        Counter(
            code="deliveries_failed",
            label="Не доставлено общих материалов",
            count=deliveries_failed,
            order=81,
            alarm=True,
        )
    )
    counter_register(
        Counter(
            code="messages_failed",
            label="Не отправлено писем",
            count=lambda company: messages_failed(),
            order=70,
            alarm=True,
        )
    )
