from django.apps import AppConfig


class CmsPagesConfig(AppConfig):
    name = "cms_pages"
    verbose_name = "Сайт компании"

    def ready(self) -> None:
        from django.db.models.signals import post_delete, post_save

        from cms_pages.page_cache import content_changed
        from cms_pages.services import home_page_create
        from portal.staff.roles import COMPANY_ADMINISTRATORS, role_permissions_add
        from tenants.steps import tenant_step

        tenant_step(home_page_create)
        post_save.connect(content_changed, dispatch_uid="page cache")
        post_delete.connect(content_changed, dispatch_uid="page cache")
        role_permissions_add(COMPANY_ADMINISTRATORS, "cms_pages.change_brandsettings")
