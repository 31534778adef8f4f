from django.apps import AppConfig
from django.db.models.signals import m2m_changed, post_delete, post_save


class CmsPagesConfig(AppConfig):
    name = "cms_pages"
    verbose_name = "Сайт компании"

    def ready(self) -> None:
        from cms_pages.models import District, UrgentNotice
        from cms_pages.notices import notices_changed
        from cms_pages.page_cache import content_changed
        from cms_pages.services import home_page_create
        from portal.staff.roles import (
            COMPANY_ADMINISTRATORS,
            EDITORS,
            MODERATORS,
            role_permissions_add,
        )
        from tenants.steps import tenant_step

        tenant_step(home_page_create)
        post_save.connect(content_changed, dispatch_uid="page cache")
        post_delete.connect(content_changed, dispatch_uid="page cache")
        kept = ("servicecentre", "district", "urgentnotice", "newscategory")
        verbs = ("add", "change", "delete", "view")
        for role in (EDITORS, MODERATORS):
            role_permissions_add(role, "cms_pages.change_brandsettings")
            role_permissions_add(
                role, *(f"cms_pages.{verb}_{model}" for model in kept for verb in verbs)
            )
        # Not the editors': who may choose a colour may not redirect money.
        role_permissions_add(COMPANY_ADMINISTRATORS, "cms_pages.change_companyrequisites")
        for sender in (UrgentNotice, District):
            post_save.connect(notices_changed, sender=sender)
            post_delete.connect(notices_changed, sender=sender)
        for receiver in (notices_changed, content_changed):
            m2m_changed.connect(receiver, sender=UrgentNotice.districts.through)
