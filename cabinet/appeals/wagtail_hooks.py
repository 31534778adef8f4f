from django.urls import URLPattern, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail_modeladmin.options import modeladmin_register

from cabinet.appeals.centre.desk import IncidentAdmin, ResponsibilityAdmin
from cabinet.appeals.desk.queue import open_appeals
from cabinet.appeals.desk.rights import ICON, SEE_FIGURES, SERVE
from cabinet.appeals.desk.urls import urlpatterns
from cabinet.appeals.kinds.admin import AppealKindAdmin, CannedAnswerAdmin
from portal.desk.menu import CountedMenuItem, DeskMenuItem, counted

modeladmin_register(IncidentAdmin)
modeladmin_register(ResponsibilityAdmin)
modeladmin_register(AppealKindAdmin)
modeladmin_register(CannedAnswerAdmin)


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def appeals_desk_urls() -> list[URLPattern]:
    return urlpatterns


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def appeals_menu_item() -> MenuItem:
    url = reverse_lazy("appeals_desk")
    return CountedMenuItem(
        SERVE,
        _("Обращения"),
        url,
        waiting=lambda: counted(open_appeals()),
        name="appeals",
        icon_name=ICON,
    )


@hooks.register("register_reports_menu_item")  # type: ignore[untyped-decorator]
def figures_menu_item() -> MenuItem:
    return DeskMenuItem(
        SEE_FIGURES,
        _("Сводка обращений"),
        reverse_lazy("appeals_figures"),
        icon_name="list-ol",
    )
