from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "Портал"

    def ready(self) -> None:
        # Makes it the current application, to which every shared task belongs.
        import portal.celery  # noqa: F401
        from portal.desk import exports, search
        from portal.formats.text_fields import single_lines_install
        from portal.http import bodies

        single_lines_install()
        bodies.install()
        search.install()
        exports.install()
