from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "portal.audit"
    verbose_name = "Журнал действий"

    def ready(self) -> None:
        from portal.audit import signals  # noqa: F401
