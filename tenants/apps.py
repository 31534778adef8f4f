from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "tenants"
    verbose_name = "Компании"

    def ready(self) -> None:
        from portal.staff.admin_home_items import admin_home_items_add
        from tenants import admin_address, admin_time, content_types
        from tenants.central_admin.admin_home import office_home_items
        from tenants.central_admin.connected import connect
        from tenants.steps import tenant_step

        admin_address.install()
        admin_time.install()
        content_types.install()
        admin_home_items_add(office_home_items)
        tenant_step(roles_of_company)
        _counters_register()
        connect()


def roles_of_company(company: object) -> None:
    """A new company's groups. Here, because `portal.staff` knows no companies."""
    from portal.staff.role_services import roles_create

    roles_create()


def _counters_register() -> None:
    from portal.messaging.selectors import messages_failed
    from tenants import failures
    from tenants.archives.selectors import exports_failed
    from tenants.fleet import Counter, counter_register

    failures.connect()
    counter_register(
        Counter(
            code="tasks_failed",
            label="Сбоев задач за 2 дня",
            count=failures.tasks_failed,
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
