"""Legal documents. Each version is a page, so that the text people agreed to stays at its address."""

import datetime
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.fields import RichTextField
from wagtail.models import Page, PagePermissionTester
from wagtail.search import index

from cms_pages.fields import TEXT_FEATURES
from cms_pages.first_pages.legal import text_filled, text_lacks
from cms_pages.pages.base import SitePage, SitePageForm
from portal.formats.text import fold


class LegalDocumentForm(SitePageForm):
    def clean_kind(self) -> str:
        kind = str(self.cleaned_data["kind"])
        model = type(self.instance)
        same = model.objects.filter(kind=kind).exclude(pk=self.instance.pk).first()
        if same and kind in model.ONE_OF_A_KIND:
            raise ValidationError(
                _("Такой документ уже есть — «%(title)s». Добавьте к нему новую редакцию."),
                params={"title": same.title},
            )
        return kind


# The buttons that bring a page to the site.
PUBLISHING = frozenset({"action-publish", "action-submit"})


class LegalVersionForm(SitePageForm):
    data: Any

    is_earlier = forms.BooleanField(
        label=_("Она уже действовала раньше"),
        required=False,
        help_text=_("Для редакций, которые были на прежнем сайте или на бумаге."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.initial.get("text"):
            self.initial["text"] = text_filled(self.initial["text"])
        if self._was_published():
            del self.fields["is_earlier"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if "text" in cleaned:
            cleaned["text"] = text_filled(cleaned["text"])
        self._refuse_a_second_of_that_day(cleaned)
        self._refuse_a_second_of_that_number(cleaned)
        self._refuse_a_day_gone(cleaned)
        if PUBLISHING & self.data.keys():
            self._refuse_unread(cleaned)
        self._refuse_rewriting(cleaned)
        self._refuse_taking_off(cleaned)
        return cleaned

    def _was_published(self) -> bool:
        return bool(self.instance.live and self.instance.pk) or bool(
            self.instance.first_published_at
        )

    def _others(self) -> models.QuerySet["LegalVersionPage"]:
        document = self.parent_page or self.instance.get_parent()
        found: models.QuerySet[LegalVersionPage] = LegalVersionPage.objects.child_of(document)
        return found.exclude(pk=self.instance.pk)

    def _refuse_a_second_of_that_day(self, cleaned: dict[str, Any]) -> None:
        day = cleaned.get("effective_from")
        if day and self._others().filter(effective_from=day).exists():
            self.add_error("effective_from", _("С этого дня уже действует другая редакция."))

    def _refuse_a_second_of_that_number(self, cleaned: dict[str, Any]) -> None:
        number = fold(cleaned.get("number") or "")
        same = next((one for one in self._others() if number and fold(one.number) == number), None)
        if same:
            message = _(
                "Редакция № %(number)s уже есть, она действует с %(day)s. Укажите другой номер."
            )
            said = {"number": same.number, "day": f"{same.effective_from:%d.%m.%Y}"}
            self.add_error("number", message % said)

    def _refuse_a_day_gone(self, cleaned: dict[str, Any]) -> None:
        """Refuse to publish as of a day before: nobody agreed to it then, unless somebody says so."""
        day = cleaned.get("effective_from")
        is_new = not self._was_published() and PUBLISHING & self.data.keys()
        if day and day < timezone.localdate() and is_new and not cleaned.get("is_earlier"):
            message = _(
                "Этот день уже прошёл, и с этой редакцией тогда не соглашались. Укажите сегодняшний день или "
                "более поздний, а для прежней редакции отметьте «Она уже действовала раньше»."
            )
            self.add_error("effective_from", message)

    def _refuse_unread(self, cleaned: dict[str, Any]) -> None:
        """Refuse to publish the draft that every new company gets, before somebody has gone through it."""
        lacks = text_lacks(cleaned.get("text") or "")
        if lacks:
            message = _("Пока текст нельзя опубликовать: в нём осталось «%(lacks)s».")
            self.add_error("text", message % {"lacks": "», «".join(lacks)})

    def _refuse_taking_off(self, cleaned: dict[str, Any]) -> None:
        """Refuse to take it off by the clock: until a day to come, or from a day on."""
        go_live_at = cleaned.get("go_live_at")
        is_put_off = go_live_at and go_live_at > timezone.now() and self.instance.as_agreed()
        refused = {"expire_at": cleaned.get("expire_at"), "go_live_at": is_put_off}
        for name in (name for name, wanted in refused.items() if wanted):
            self.add_error(
                name, _("Редакцию не снимают с сайта: её сменяет следующая редакция документа.")
            )

    def _refuse_rewriting(self, cleaned: dict[str, Any]) -> None:
        agreed = self.instance.as_agreed()
        if agreed is None:
            return
        for name in self.instance.FROZEN:
            if name in cleaned and _plain(cleaned[name]) != _plain(getattr(agreed, name)):
                self.add_error(
                    name,
                    _(
                        "Редакция уже действует: с ней соглашались. Добавьте новую редакцию документа."
                    ),
                )


def _plain(value: Any) -> Any:
    """Drop the keys that the editor gives to paragraphs anew each time: they are no part of the text."""
    return re.sub(r' data-block-key="[^"]*"', "", value) if isinstance(value, str) else value


def _agreed_to(page: Page) -> bool:
    """Return whether there is, here or below, a published version that is or was in force."""

    versions = LegalVersionPage.objects.descendant_of(page, inclusive=True).live()
    return bool(versions.filter(effective_from__lte=timezone.localdate()).exists())


class LegalPermissions(PagePermissionTester):
    """Of a document, or the list of them: it cannot be deleted with the wordings in it."""

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return bool(super().can_delete(ignore_bulk)) and not _agreed_to(self.page)


class LegalVersionPermissions(LegalPermissions):
    """Of a wording: it also stays published, and where it is."""

    def can_unpublish(self) -> bool:
        return bool(super().can_unpublish()) and not _agreed_to(self.page)

    def can_move(self) -> bool:
        return bool(super().can_move()) and not _agreed_to(self.page)


class DocumentIndexPage(SitePage):
    """The list of the company's documents."""

    parent_page_types = ["cms_pages.HomePage"]
    subpage_types = ["cms_pages.LegalDocumentPage"]
    max_count = 1

    class Meta:
        verbose_name = _("документы")
        verbose_name_plural = _("страницы документов")

    def permissions_for_user(self, user: Any) -> LegalPermissions:
        return LegalPermissions(user, self)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        documents = LegalDocumentPage.objects.child_of(self).live().public().order_by("path")
        return {**context, "documents": list(documents)}


class LegalDocumentPage(SitePage):
    """A document as such; its text is the version below it that is in force."""

    class Kind(models.TextChoices):
        CONSENT = "consent", _("согласие на обработку персональных данных")
        POLICY = "policy", _("политика в отношении персональных данных")
        TERMS = "terms", _("условия пользования личным кабинетом")
        CONTRACT = "contract", _("договор")
        OTHER = "other", _("другое")

    # Registration and forms ask for these by kind, so there is one of each.
    ONE_OF_A_KIND = (Kind.CONSENT, Kind.POLICY, Kind.TERMS)

    kind = models.CharField(_("вид"), max_length=20, choices=Kind, default=Kind.OTHER)

    base_form_class = LegalDocumentForm
    content_panels = [*SitePage.content_panels, FieldPanel("kind")]
    search_fields = [*SitePage.search_fields, index.FilterField("kind")]
    parent_page_types = ["cms_pages.DocumentIndexPage"]
    subpage_types = ["cms_pages.LegalVersionPage"]

    class Meta:
        verbose_name = _("документ")
        verbose_name_plural = _("документы")

    def versions(self) -> models.QuerySet["LegalVersionPage"]:
        """Return the published versions, latest first."""
        found: models.QuerySet[LegalVersionPage] = (
            LegalVersionPage.objects.child_of(self)
            .live()
            .public()
            .order_by("-effective_from", "-pk")
        )
        return found

    @property
    def pdf_url(self) -> str:
        """Return the address of the file of the version in force; "" without one."""
        version = self.versions().filter(effective_from__lte=timezone.localdate()).first()
        return version.pdf_url if version else ""

    def permissions_for_user(self, user: Any) -> LegalPermissions:
        return LegalPermissions(user, self)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        today, versions = timezone.localdate(), list(self.versions())
        current = next((one for one in versions if one.effective_from <= today), None)
        return {**context, "versions": versions, "current": current, "today": today}


class LegalVersionPage(SitePage):
    """One wording of a document. Once in force, it can be superseded but not rewritten."""

    FROZEN = ("number", "effective_from", "text", "file")  # what a person agreed to

    number = models.CharField(_("номер"), max_length=40, help_text=_("Номер приказа или редакции."))
    effective_from = models.DateField(_("действует с"))
    text = RichTextField(_("текст"), features=TEXT_FEATURES)
    file = models.ForeignKey(
        "wagtaildocs.Document",
        verbose_name=_("подписанный экземпляр"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    base_form_class = LegalVersionForm
    content_panels = [
        *SitePage.content_panels,
        FieldRowPanel([FieldPanel("number"), FieldPanel("effective_from")]),
        FieldPanel("is_earlier"),
        FieldPanel("text"),
        FieldPanel("file"),
    ]
    search_fields = [
        *SitePage.search_fields,
        index.SearchField("number"),
        index.SearchField("text"),
        index.FilterField("effective_from"),
    ]
    parent_page_types = ["cms_pages.LegalDocumentPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("редакция документа")
        verbose_name_plural = _("редакции документа")

    def as_agreed(self) -> "LegalVersionPage | None":
        """Return the published version once it is in force; None before."""
        published = LegalVersionPage.objects.filter(pk=self.pk, live=True)
        agreed: LegalVersionPage | None = published.filter(
            effective_from__lte=timezone.localdate()
        ).first()
        return agreed

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep what people agreed to.

        An earlier draft may be published by the clock or by a moderator, without a form that refuses.
        """
        if agreed := self.as_agreed():
            for name in self.FROZEN:
                setattr(self, name, getattr(agreed, name))
        super().save(*args, **kwargs)

    @property
    def pdf_url(self) -> str:
        return reverse("legal_pdf", args=[self.pk]) if self.pk else ""

    def permissions_for_user(self, user: Any) -> LegalVersionPermissions:
        return LegalVersionPermissions(user, self)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        document = LegalDocumentPage.objects.parent_of(self).get()
        today = timezone.localdate()
        current = document.versions().filter(effective_from__lte=today).first()
        return {**context, "document": document, "is_current": self == current, "today": today}


def document_in_force(kind: str, day: datetime.date) -> LegalVersionPage | None:
    """Return the published version of a kind of document in force on `day`."""
    document = LegalDocumentPage.objects.live().filter(kind=kind).order_by("pk").first()
    return document.versions().filter(effective_from__lte=day).first() if document else None
