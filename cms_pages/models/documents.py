"""Legal texts. A version is a page of its own, so that what a person agreed to stays where it was."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.fields import RichTextField
from wagtail.search import index

from cms_pages.fields import TEXT_FEATURES
from cms_pages.models.base import SitePage
from cms_pages.models.document_forms import LegalDocumentForm, LegalVersionForm
from cms_pages.permissions import LegalPermissions, LegalVersionPermissions


class DocumentIndexPage(SitePage):
    """The list of the company's documents."""

    parent_page_types = ["cms_pages.HomePage"]
    subpage_types = ["cms_pages.LegalDocumentPage"]
    max_count = 1

    class Meta:
        verbose_name = _("документы")

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
        """The published ones, latest first."""
        found: models.QuerySet[LegalVersionPage] = (
            LegalVersionPage.objects.child_of(self)
            .live()
            .public()
            .order_by("-effective_from", "-pk")
        )
        return found

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
        """As people have agreed to it: what is published, once it is in force."""
        published = LegalVersionPage.objects.filter(pk=self.pk, live=True)
        agreed: LegalVersionPage | None = published.filter(
            effective_from__lte=timezone.localdate()
        ).first()
        return agreed

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A draft of the days before may go live by the clock or by a moderator, who see no form."""
        if agreed := self.as_agreed():
            for name in self.FROZEN:
                setattr(self, name, getattr(agreed, name))
        super().save(*args, **kwargs)

    def permissions_for_user(self, user: Any) -> LegalVersionPermissions:
        return LegalVersionPermissions(user, self)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        document = LegalDocumentPage.objects.parent_of(self).get()
        today = timezone.localdate()
        current = document.versions().filter(effective_from__lte=today).first()
        return {**context, "document": document, "is_current": self == current, "today": today}
