"""Shared content: what the central office writes.

The table is in every schema, because its rows refer to pictures; it has rows in public alone.
"""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import MultiFieldPanel
from wagtail.models import Page, PreviewableMixin, RevisionMixin

from cms_pages.pages.base import SLUG_LENGTH
from cms_pages.pages.news import NewsFields
from portal.formats.names import slug_of

SECTION = r"^/?[-\w]+(/[-\w]+)*/?\Z"


class SharedItem(PreviewableMixin, RevisionMixin, NewsFields):
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
        linked = self.body.stream_block.extract_references(self.body)
        if any(issubclass(model, Page) for model, *_where in linked):
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
