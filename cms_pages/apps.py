from django.apps import AppConfig
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete


class CmsPagesConfig(AppConfig):
    name = "cms_pages"
    verbose_name = "Сайт компании"

    def ready(self) -> None:
        from cms_pages import patches
        from cms_pages.admin import OPENING_CHECKS, site_home_items
        from cms_pages.brand.models import BrandSettings
        from cms_pages.brand.phones import company_numbers_changed
        from cms_pages.centres.models import District
        from cms_pages.first_pages.copying import PARTS
        from cms_pages.first_pages.create import first_pages_create
        from cms_pages.notices import UrgentNotice, notices_changed
        from cms_pages.pages.home import home_page_create, name_follow
        from cms_pages.selectors import schedule_missed
        from cms_pages.stored.page_cache import companies_changed, content_changed
        from portal.staff.admin_home_items import admin_home_items_add
        from portal.staff.roles import (
            CENTRAL_CONTENT,
            COMPANY_ADMINISTRATORS,
            EDITORS,
            MODERATORS,
            role_permissions_add,
        )
        from tenants.events import company_changed, tenant_step
        from tenants.fleet import Counter, counter_register
        from tenants.models import GasCompany
        from tenants.opening.checks import opening_check_register
        from tenants.opening.copying import part_register

        patches.install()
        admin_home_items_add(site_home_items)
        counter_register(
            Counter(
                code="schedule_missed",
                label="Не вышло в срок",
                count=lambda company: schedule_missed(),
                order=72,
                alarm=True,
            )
        )
        tenant_step(home_page_create)
        tenant_step(first_pages_create)
        for part in PARTS:
            part_register(part)
        for check in OPENING_CHECKS:
            opening_check_register(check)
        company_changed.connect(name_follow, dispatch_uid="name of the site")
        post_save.connect(content_changed, dispatch_uid="page cache")
        post_delete.connect(content_changed, dispatch_uid="page cache")
        edited = ("servicecentre", "district", "urgentnotice", "newscategory")
        verbs = ("add", "change", "delete", "view")
        reviewed = ("servicecentre", "urgentnotice", "brandsettings")
        for role in (EDITORS, MODERATORS):
            role_permissions_add(role, "cms_pages.change_brandsettings")
            role_permissions_add(role, *(f"cms_pages.publish_{model}" for model in reviewed))
            role_permissions_add(
                role, *(f"cms_pages.{verb}_{model}" for model in edited for verb in verbs)
            )
        for role in (MODERATORS, COMPANY_ADMINISTRATORS):
            role_permissions_add(
                role,
                "cms_pages.publish_without_review",
                *(f"cms_pages.{verb}_{one}" for one in reviewed for verb in ("lock", "unlock")),
            )
        # Not the editors': choosing a colour must not include redirecting payments.
        role_permissions_add(
            COMPANY_ADMINISTRATORS,
            "cms_pages.change_companyrequisites",
            "cms_pages.view_legal_rules",
            "cms_pages.change_reviewsettings",
        )
        role_permissions_add(
            CENTRAL_CONTENT,
            *(f"cms_pages.{verb}_shareditem" for verb in ("add", "change", "delete")),
        )
        for sender in (UrgentNotice, District):
            post_save.connect(notices_changed, sender=sender)
            post_delete.connect(notices_changed, sender=sender)
        for signal in (post_save, post_delete):
            signal.connect(company_numbers_changed, sender=BrandSettings)
        for receiver in (notices_changed, content_changed):
            m2m_changed.connect(receiver, sender=UrgentNotice.districts.through)
        m2m_changed.connect(companies_changed, sender=GasCompany.regions.through)
        _inbox()
        _shared_content()


def _inbox() -> None:
    from django.utils.translation import gettext_lazy as _

    from cms_pages.inbox.desk import ANSWER, inbox_home_items
    from portal.audit.actions import action_titles_add
    from portal.staff.admin_home_items import admin_home_items_add
    from portal.staff.roles import MODERATORS, OPERATORS, role_permissions_add

    admin_home_items_add(inbox_home_items)
    # Editors make forms and need not read what people write about themselves.
    for role in (MODERATORS, OPERATORS):
        role_permissions_add(role, ANSWER)
    action_titles_add(
        {
            "form.read": _("прочитал сообщение с сайта"),
            "form.answered": _("отметил, что на сообщение с сайта ответили"),
            "form.replied": _("ответил на сообщение с сайта"),
            "form.renewed": _("сделал сообщение с сайта снова новым"),
        }
    )


def _shared_content() -> None:
    from django.utils.translation import gettext_lazy as _
    from wagtail.models import Page

    from cms_pages.models import NewsPage, StandardPage
    from cms_pages.shared.central_desk import items_found
    from cms_pages.shared.copies import page_changed
    from cms_pages.shared.sending import shared_for_new_company
    from portal.audit.actions import action_titles_add
    from tenants.events import tenant_step
    from tenants.office.search import office_search_add

    tenant_step(shared_for_new_company)
    office_search_add(items_found)
    for model in (Page, NewsPage, StandardPage):
        post_save.connect(page_changed, sender=model)
    pre_delete.connect(page_changed, sender=Page)
    action_titles_add(
        {
            "shared.sent": _("отправил общий материал компаниям"),
            "shared.withdrawn": _("велел снять общий материал с публикации"),
            "shared.draft.done": _("получил черновик общего материала"),
            "shared.publish.done": _("опубликовал общий материал"),
            "shared.withdraw.done": _("снял с публикации общий материал"),
            "shared.draft.offered": _("предложил новую версию общего материала"),
            "shared.publish.offered": _("предложил новую версию общего материала"),
            "shared.withdraw.offered": _("предложил снять общий материал с публикации"),
            "shared.draft.removed": _("не принял общий материал, страница которого удалена"),
            "shared.publish.removed": _("не принял общий материал, страница которого удалена"),
            "shared.withdraw.removed": _("не принял общий материал, страница которого удалена"),
            "shared.accepted": _("взял в\u00a0редакторе версию центрального офиса"),
            "shared.declined": _("оставил текст компании вместо версии центрального офиса"),
        },
        of_nobody={
            "shared.accepted": _("в\u00a0редакторе взята версия центрального офиса"),
        },
    )
