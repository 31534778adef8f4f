from django.apps import AppConfig


class CmsPagesConfig(AppConfig):
    name = "cms_pages"
    verbose_name = "Сайт компании"

    def ready(self) -> None:
        from cms_pages.services import home_page_create
        from tenants.steps import tenant_step

        tenant_step(home_page_create)
