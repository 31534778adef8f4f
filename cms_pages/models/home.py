from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index

from cms_pages.blocks import ContactsBlock, QuickLinksBlock
from cms_pages.fields import INLINE_FEATURES, BodyField
from cms_pages.models.news import NewsPage, latest_news
from cms_pages.permissions import HomePermissions

NEWS_ON_HOME = 3


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
    quick_links = BodyField(QuickLinksBlock(), verbose_name=_("быстрые ссылки"), blank=True)
    contacts = BodyField(ContactsBlock(), verbose_name=_("контакты"), blank=True, max_num=3)

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

    def permissions_for_user(self, user: Any) -> HomePermissions:
        return HomePermissions(user, self)

    @property
    def summary(self) -> str:
        return str(self.search_description)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        news: list[NewsPage] = list(latest_news(self)[:NEWS_ON_HOME])
        return {
            **context,
            "latest_news": news,
            "news_index": news[0].get_parent() if news else None,
        }
