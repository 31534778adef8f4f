from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "tenants"
    verbose_name = "Компании"

    def ready(self) -> None:
        from tenants import content_types

        content_types.install()
