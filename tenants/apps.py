from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "tenants"
    verbose_name = "Компании"

    def ready(self) -> None:
        from tenants import content_types
        from tenants.steps import tenant_step

        content_types.install()
        tenant_step(roles_of_company)


def roles_of_company(company: object) -> None:
    """A new company's groups. Here, because `portal.staff` knows no companies."""
    from portal.staff.role_services import roles_create

    roles_create()
