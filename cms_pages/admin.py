"""The admin of a company: content besides pages, and what its first page offers of the site."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
)
from wagtail.admin.ui.tables import Column
from wagtail.models import Page, Site
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from cms_pages.brand.models import BrandSettings
from cms_pages.brand.requisites import CompanyRequisites
from cms_pages.centres.models import ServiceCentre
from cms_pages.notices import UrgentNotice
from cms_pages.pages.documents import DocumentIndexPage, LegalDocumentPage, document_in_force
from cms_pages.pages.home import HomePage
from cms_pages.pages.news import NewsCategory, NewsIndexPage, NewsPage
from cms_pages.review.admin import ReviewedViewSet
from portal.connection import current_schema
from portal.desk.access import company_only, desk_view
from portal.desk.pages import desk_page
from portal.staff.admin_home_items import Action, Task
from tenants.legal.selectors import rules_in_force
from tenants.models import GasCompany
from tenants.opening.checks import Check


class NewsCategoryViewSet(SnippetViewSet):
    """A snippet, because the form of news chooses from them; called by its name, not «Фрагменты»."""

    model = NewsCategory
    icon = "tag"
    menu_label = _("Рубрики новостей")
    menu_name = "news-categories"
    search_fields = ["name"]
    add_to_admin_menu = True


def _moment(name: str) -> Callable[[UrgentNotice], str]:
    """Return what a list shows of a moment: the day and the hour, not how long ago."""

    def shown(notice: UrgentNotice) -> str:
        moment = getattr(notice, name)
        return f"{timezone.localtime(moment):%d.%m.%Y %H:%M}" if moment else "—"

    return shown


class UrgentNoticeViewSet(ReviewedViewSet):
    model = UrgentNotice
    icon = "warning"
    menu_label = _("Объявления")
    menu_name = "urgent-notices"
    list_display = [
        "title",
        Column("phase", label=_("Что с ним"), accessor="phase"),
        Column("severity", label=_("Важность"), accessor="get_severity_display"),
        Column(
            "starts_at", label=_("Начинается"), accessor=_moment("starts_at"), sort_key="starts_at"
        ),
        Column(
            "ends_at", label=_("Заканчивается"), accessor=_moment("ends_at"), sort_key="ends_at"
        ),
    ]
    list_filter = ["severity"]
    search_fields = ["title", "text"]
    panels = [
        FieldPanel("severity"),
        FieldPanel("title"),
        FieldPanel("text"),
        FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
        FieldPanel("districts"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[UrgentNotice]:
        """Read what `phase` asks of each row at once."""
        return UrgentNotice.objects.prefetch_related("_workflow_states")


class BrandIndexView(IndexView):
    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Open the one row that there is."""
        brand = BrandSettings.for_request(request)
        return redirect(self.edit_url_name, brand.pk)


class BrandViewSet(ReviewedViewSet):
    """Settings of the site with the pages of a snippet: Wagtail's settings have neither drafts nor review."""

    model = BrandSettings
    icon = "view"
    add_to_admin_menu = False
    add_to_settings_menu = True
    menu_label = _("Оформление и контакты")
    menu_name = "brand"
    index_view_class = BrandIndexView


PERMISSION = "cms_pages.view_legal_rules"


@desk_view(PERMISSION, hidden=False)
def rules(request: Any) -> HttpResponse:
    """Show the rules in force for the company of this host."""
    today = timezone.localdate()
    context = {"today": today, "rules": rules_in_force(today, request.tenant)}
    title = str(_("Правовые нормы"))
    return desk_page(request, "cms_pages/rules.html", context, title=title, icon="doc-full")


def rules_urls() -> list[URLPattern]:
    return [path("rules/", company_only(rules), name="legal_rules")]


class RulesMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return current_schema() != "public" and request.user.has_perm(PERMISSION)


def rules_menu_item() -> MenuItem:
    return RulesMenuItem(
        _("Правовые нормы"),
        reverse_lazy("legal_rules"),
        name="legal-rules",
        icon_name="doc-full",
    )


def _consents_in_force() -> bool:
    return all(
        document_in_force(kind, timezone.localdate())
        for kind in (LegalDocumentPage.Kind.CONSENT, LegalDocumentPage.Kind.POLICY)
    )


# The first page has tasks for both.
OPENING_CHECKS = (
    Check(
        code="consents",
        title=_("Опубликованы согласие и\u00a0политика"),
        hint=_("Тексты о\u00a0персональных данных: без них нельзя зарегистрироваться."),
        is_done=lambda company: _consents_in_force(),
        order=30,
    ),
    Check(
        code="requisites",
        title=_("Реквизиты заполнены"),
        hint=_("Их вносит администратор компании в\u00a0настройках сайта."),
        is_done=lambda company: (
            CompanyRequisites.for_site(Site.objects.get(is_default_site=True)).is_complete
        ),
        order=40,
    ),
)


def site_home_items(request: HttpRequest) -> Iterator[Action | Task]:
    """Yield the actions and tasks of the site that this member of staff may do."""
    site = Site.find_for_request(request)
    if current_schema() == "public" or site is None:
        return
    yield Action(title=_("Открыть сайт"), url="/", icon="site")
    home = site.root_page.specific
    if isinstance(home, HomePage) and home.permissions_for_user(request.user).can_edit():
        yield from _pages(request, home)
    yield from _settings(request, site)
    yield from _centres(request)


def _pages(request: HttpRequest, home: HomePage) -> Iterator[Action | Task]:
    yield Task(
        title=_("Заполните главную страницу"),
        hint=_("Приветствие, быстрые ссылки и контакты."),
        url=reverse("wagtailadmin_pages:edit", args=[home.pk]),
        done=bool(home.intro or home.quick_links),
    )
    if index := NewsIndexPage.objects.descendant_of(home).first():
        url = reverse("wagtailadmin_pages:add", args=["cms_pages", "newspage", index.pk])
        yield Action(title=_("Написать новость"), url=url, icon="edit")
        yield Task(
            title=_("Напишите первую новость"),
            hint=_("Она появится на главной странице и в ленте новостей."),
            url=url,
            done=NewsPage.objects.live().exists(),
        )
    yield Task(
        title=_("Опубликуйте согласие и политику"),
        hint=_(
            "С ними соглашаются при регистрации. Внутри каждого документа лежит черновик "
            "редакции: проверьте его и опубликуйте."
        ),
        url=_documents_url(home),
        done=_consents_in_force(),
    )


def _documents_url(home: Page) -> str:
    if index := DocumentIndexPage.objects.descendant_of(home).first():
        return reverse("wagtailadmin_explore", args=[index.pk])
    return reverse("wagtailadmin_pages:add", args=["cms_pages", "documentindexpage", home.pk])


def _settings(request: HttpRequest, site: Site) -> Iterator[Task]:
    if request.user.has_perm("cms_pages.change_brandsettings"):
        yield Task(
            title=_("Настройте оформление и телефоны"),
            hint=_("Логотип, два цвета и телефоны: они на каждой странице сайта и кабинета."),
            url=reverse(BrandSettings.snippet_viewset.get_url_name("list")),
            done=bool(BrandSettings.for_site(site).phone),
        )
    if request.user.has_perm("cms_pages.change_companyrequisites"):
        yield Task(
            title=_("Укажите реквизиты компании"),
            hint=_("Пока они неполны, на квитанциях нет QR-кода для оплаты."),
            url=reverse("wagtailsettings:edit", args=["cms_pages", "companyrequisites", site.pk]),
            done=CompanyRequisites.for_site(site).is_complete,
        )


def _centres(request: HttpRequest) -> Iterator[Action | Task]:
    if not request.user.has_perm("cms_pages.add_urgentnotice"):
        return
    notice, centre = (
        reverse(model.snippet_viewset.get_url_name("add"))
        for model in (UrgentNotice, ServiceCentre)
    )
    yield Action(title=_("Срочное объявление"), url=notice, icon="warning")
    if getattr(request, "tenant", None) and request.tenant.kind == GasCompany.Kind.GAS:  # type: ignore[attr-defined]
        yield Task(
            title=_("Добавьте центры обслуживания"),
            hint=_("Адреса, телефоны и часы работы. Сначала — районы, потом центры."),
            url=centre,
            done=ServiceCentre.objects.exists(),
        )
