"""The home page of a company's site, and the first content of a new company."""

from typing import Any

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import GroupPagePermission, Page, PagePermissionTester, Site
from wagtail.search import index

from cms_pages.blocks import ContactsBlock, QuickLinksBlock
from cms_pages.centres.page import ServiceCentreIndexPage, centres_to_show
from cms_pages.fields import INLINE_FEATURES, BodyField
from cms_pages.pages.base import SitePageForm
from cms_pages.pages.form import FormField, FormPage
from cms_pages.pages.news import NewsIndexPage, latest_news
from cms_pages.pages.subjects import news_illustrate
from cms_pages.selectors import address_exists
from tenants.models import GasCompany
from tenants.routing import is_behind
from tenants.schemas import in_company


class HomePermissions(PagePermissionTester):
    """The home page can be edited, and not deleted, moved or taken off: without it there is no site."""

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return False

    def can_unpublish(self) -> bool:
        return False

    def can_move(self) -> bool:
        return False

    def can_copy(self) -> bool:
        return False


NEWS_ON_HOME = 3
CENTRES_ON_HOME = 3


class HomePage(Page):
    """The company's front page; one, at the root of its site."""

    class NoticeKind(models.TextChoices):
        INFO = "info", _("к сведению")
        WARNING = "warning", _("внимание")
        DANGER = "danger", _("опасность")

    intro = RichTextField(_("вступление"), blank=True, features=INLINE_FEATURES)
    notice = models.CharField(
        _("объявление"),
        max_length=300,
        blank=True,
        help_text=_(
            "Под вступлением, пока не сотрёте. Пример: «До 25-го числа передайте показания»."
        ),
    )
    notice_kind = models.CharField(
        _("вид объявления"), max_length=10, choices=NoticeKind, default=NoticeKind.INFO
    )
    quick_links = BodyField(
        QuickLinksBlock(),
        verbose_name=_("быстрые ссылки"),
        blank=True,
        help_text=_("Первые ссылки со значками «карта» и «работы» стоят вверху страницы."),
    )
    contacts = BodyField(ContactsBlock(), verbose_name=_("контакты"), blank=True, max_num=3)

    base_form_class = SitePageForm

    content_panels = [
        *Page.content_panels,
        FieldPanel("intro"),
        MultiFieldPanel([FieldPanel("notice"), FieldPanel("notice_kind")], _("Объявление")),
        FieldPanel("quick_links"),
        FieldPanel("contacts"),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("intro"),
        index.SearchField("quick_links"),
        index.SearchField("contacts"),
    ]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "cms_pages.StandardPage",
        "cms_pages.NewsIndexPage",
        "cms_pages.DocumentIndexPage",
        "cms_pages.GuidePage",
        "cms_pages.ContactPage",
        "cms_pages.FundPage",
        "cms_pages.FormPage",
        "cms_pages.ServiceCentreIndexPage",
    ]
    max_count = 1

    class Meta:
        verbose_name = _("главная страница")
        verbose_name_plural = _("главные страницы")

    def permissions_for_user(self, user: Any) -> HomePermissions:
        return HomePermissions(user, self)

    @property
    def summary(self) -> str:
        return str(self.search_description)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        news = news_illustrate(latest_news(self)[:NEWS_ON_HOME])
        links = [block.value for block in self.quick_links if block.value.href]
        first = _first_links(links)
        return {
            **context,
            "latest_news": news,
            "news_index": news[0].get_parent() if news else None,
            "first_links": first,
            "quick_links": [link for link in links if link not in first],
            **_centres(request),
        }


def _first_links(links: list[Any]) -> list[Any]:
    """Return the links that stand among the first things: on works, and on paying until one can pay here."""
    icons = ["works"] if address_exists("/guest/payment/") else ["payment", "works"]
    by_icon = {link["icon"]: link for link in reversed(links)}
    return [by_icon[icon] for icon in icons if icon in by_icon]


def _centres(request: HttpRequest) -> dict[str, Any]:
    """Return the first service centres and the address of all of them; nothing without their page."""
    index = ServiceCentreIndexPage.objects.live().public().first()
    if index is None:
        return {}
    centres = list(centres_to_show()[:CENTRES_ON_HOME])
    for centre in centres:
        centre.href = index.centre_url(request, centre)
    return {"centres": centres, "centres_url": index.get_url(request) if centres else ""}


EVERYTHING = "Все страницы"


def home_page_create(company: GasCompany) -> None:
    """Create the first content of a new company, its home page and its site, in the current schema.

    `Site.hostname` must be the company's domain: Wagtail's preview asks for it.
    """
    root = Page.get_first_root_node()
    if root is None:
        raise RuntimeError("the template has no root page")
    Site.objects.all().delete()
    # Page.delete() would put Wagtail's English title into the log of actions.
    root.get_children().delete()
    root.refresh_from_db()
    # Wagtail's own name is English.
    Page.objects.filter(pk=root.pk).update(title=EVERYTHING, draft_title=EVERYTHING)
    home = root.add_child(instance=HomePage(title=company.name, slug="home"))
    # Editors have no permissions above the home page: their tree begins with the site.
    GroupPagePermission.objects.filter(page=root).update(page=home)
    Site.objects.create(
        hostname=company.domains.get(is_primary=True).domain,
        port=int(settings.PUBLIC_PORT or (443 if settings.PUBLIC_SCHEME == "https" else 80)),
        site_name=company.name,
        root_page=home,
        is_default_site=True,
    )
    _sections_create(home, company)


def _sections_create(home: HomePage, company: GasCompany) -> None:
    """Create the sections that an editor's first item appears in."""
    home.add_child(instance=NewsIndexPage(title="Новости", slug="novosti", show_in_menus=True))
    if company.kind == GasCompany.Kind.GAS:
        title = "Центры обслуживания"
        page = ServiceCentreIndexPage(title=title, slug="service-centres", show_in_menus=True)
        home.add_child(instance=page)
    _form_create(home, company)


# What a new company's form asks for: label, type, whether it has to be filled in, choices, hint.
_FORM = (
    ("Как к вам обращаться", "singleline", True, "", ""),
    ("Электронная почта", "email", True, "", "На этот адрес мы ответим."),
    ("Номер лицевого счёта", "singleline", False, "", "Если вопрос о нём."),
    (
        "Тема",
        "dropdown",
        True,
        "Начисления и оплата\nСчётчики и показания\nСайт и личный кабинет\nДругое",
        "",
    ),
    ("Ваше сообщение", "multiline", True, "", ""),
)


def _form_create(home: HomePage, company: GasCompany) -> None:
    """Publish a form by which visitors reach the company: its inbox has them also without an address."""
    is_gas = company.kind == GasCompany.Kind.GAS
    lead = "Напишите нам: ответим на вашу электронную почту."
    if is_gas:
        lead += " О запахе газа не пишите — звоните 104."
    page = FormPage(title="Обратная связь", slug="obratnaya-svyaz", lead=lead)
    page.form_fields = [
        FormField(
            sort_order=number,
            label=label,
            field_type=kind,
            required=required,
            choices=choices,
            help_text=hint,
        )
        for number, (label, kind, required, choices, hint) in enumerate(_FORM, 1)
    ]
    page.thanks = "<p>Мы прочитаем ваше сообщение и ответим на адрес, который вы указали.</p>"
    page.show_in_menus = True
    home.add_child(instance=page)


def name_follow(company: GasCompany, before: GasCompany | None = None, **_: Any) -> None:
    """Bring the company's name on its site up to date, where no editor has written another.

    A receiver of `company_changed`.
    """
    if before is None or before.name == company.name or is_behind(company.schema_name):
        return
    with in_company(company):
        Site.objects.filter(site_name=before.name).update(site_name=company.name)
        home = HomePage.objects.filter(title=before.name).first()
        if home is None:
            return
        home.title = home.draft_title = company.name
        home.save()
        revision = home.get_latest_revision()
        if revision and revision.content["title"] == before.name:  # a draft must not bring it back
            revision.content["title"] = company.name
            revision.save(update_fields=["content"])
