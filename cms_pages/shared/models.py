"""Shared content and a company's copy of it.

Both tables are in every schema, because their rows refer to pictures and pages; items are rows of
public's table alone, copies of the companies' alone.
"""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import MultiFieldPanel
from wagtail.models import PreviewableMixin, RevisionMixin

from cms_pages.blocks import BodyBlock
from cms_pages.fields import BodyField
from cms_pages.pages.base import SLUG_LENGTH
from cms_pages.pages.news import NewsCategory
from cms_pages.shared.references import body_raw, pages_linked
from portal.formats.names import slug_of

SECTION = r"^/?[-\w]+(/[-\w]+)*/?\Z"


class SharedItem(PreviewableMixin, RevisionMixin, ClusterableModel):
    """Saving it sends nothing: `cms_pages.shared.sending` makes a version of it."""

    class Kind(models.TextChoices):
        NEWS = "news", _("новость")
        PAGE = "page", _("страница")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("что это"), max_length=10, choices=Kind, default=Kind.NEWS)
    title = models.CharField(_("заголовок"), max_length=255)
    slug = models.SlugField(
        _("в адресе"),
        max_length=200,
        blank=True,
        allow_unicode=True,
        help_text=_("Например, pogoda-v-dome. Если оставить пустым, получится из заголовка."),
    )
    lead = models.CharField(
        _("коротко"),
        max_length=300,
        blank=True,
        help_text=_("Одно-два предложения под заголовком."),
    )
    date = models.DateField(_("дата"), default=timezone.localdate)
    picture = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("снимок"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    picture_alt = models.CharField(
        _("что на снимке"),
        max_length=200,
        blank=True,
        help_text=_("Для тех, кто не видит. Оставьте пустым, если снимок только украшает."),
    )
    categories = ParentalManyToManyField(NewsCategory, verbose_name=_("рубрики"), blank=True)
    section = models.CharField(
        _("раздел сайта"),
        max_length=250,
        blank=True,
        validators=[
            RegexValidator(SECTION, _("Адрес раздела на сайте компании, например tarify."))
        ],
        help_text=_(
            "Адрес раздела, под которым появится страница: bezopasnost или abonentam/tarify. "
            "Пусто — сразу под главной."
        ),
    )
    in_menu = models.BooleanField(
        _("показывать в меню"),
        default=False,
        help_text=_("В меню попадают страницы сразу под главной."),
    )
    body = BodyField(BodyBlock(), verbose_name=_("текст"), blank=True)
    updated_at = models.DateTimeField(_("изменён"), auto_now=True)

    panels = [
        *("kind", "title", "lead", "slug"),
        MultiFieldPanel(["date", "picture", "picture_alt", "categories"], _("Для новости")),
        MultiFieldPanel(["section", "in_menu"], _("Для страницы")),
        "body",
    ]

    class Meta:
        verbose_name = _("общий материал")
        verbose_name_plural = _("общие материалы")
        ordering = ["-updated_at"]

    def __str__(self) -> str:
        return self.title

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        if not self.slug.isascii() or (not self.slug and self.title):
            self.slug = slug_of(self.slug or self.title, SLUG_LENGTH) or "material"
        super().full_clean(*args, **kwargs)

    def clean(self) -> None:
        """Raise ValidationError for a link to a page: each company has pages of its own."""
        self.section = self.section.strip("/")
        if pages_linked(body_raw(self.body)):
            raise ValidationError(
                {
                    "body": _(
                        "В тексте есть ссылка на страницу этого сайта, а у компаний страницы свои. "
                        "Напишите адрес: /guest/readings/ или https://…"
                    )
                }
            )

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "cms_pages/shared/preview.html"


class SharedCopy(models.Model):
    """A page of this company that came from the central office, and what it came from."""

    item = models.UUIDField(_("материал"), unique=True)
    # NULL: the company has deleted the page; later versions do not bring it back.
    page = models.OneToOneField(
        "wagtailcore.Page",
        on_delete=models.SET_NULL,
        null=True,
        related_name="shared_copy",
        verbose_name=_("страница"),
    )
    # The last version that the office, or an editor who took it, has put on top of the page.
    version = models.IntegerField(_("версия"))
    # What brought it, and what waits in the page's history. No foreign keys: revisions may be purged.
    revision_number = models.BigIntegerField(null=True, blank=True)
    waiting_revision = models.BigIntegerField(null=True, blank=True)
    # Of the delivered texts, by which any of them is known again: hash to version.
    texts = models.JSONField(default=dict)
    # The version that an editor has to decide on; without a revision, its withdrawal.
    waiting = models.IntegerField(_("ждёт решения версия"), null=True, blank=True)
    waiting_since = models.DateTimeField(_("ждёт с"), null=True, blank=True)

    class Meta:
        verbose_name = _("копия общего материала")
        verbose_name_plural = _("копии общих материалов")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.item}: {self.page_id}"
