"""Pages with a form that editors put together, and the answers of visitors."""

import re
from typing import Any

from django import forms
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    Panel,
)
from wagtail.contrib.forms.forms import FormBuilder, WagtailAdminFormPageForm
from wagtail.contrib.forms.models import (
    AbstractFormField,
    FormMixin,
    validate_to_address,
)
from wagtail.contrib.forms.panels import FormSubmissionsPanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable
from wagtail.search import index

from cms_pages.fields import SHORT_FEATURES
from cms_pages.inbox.models import FormEntry
from cms_pages.pages.base import SitePage, SitePageForm
from cms_pages.pages.documents import LegalDocumentPage, document_in_force
from cms_pages.pages.form_sender import SENDER, FormSender, form_sender, known_answers
from portal.captcha.fields import CaptchaField
from portal.formats.names import key_of
from portal.formats.text import fold
from portal.messaging.letterhead import letterhead

# Fields whose answers are chosen, and so may decide where the letter goes.
CHOICE_FIELDS = ("dropdown", "radio", "checkboxes", "multiselect")


class SiteFormBuilder(FormBuilder):
    def get_field_options(self, field: Any) -> dict[str, Any]:
        """Return Wagtail's options with what to do when nothing was typed."""
        missing = format_lazy(_("Заполните поле «{label}»."), label=field.label)
        return {**super().get_field_options(field), "error_messages": {"required": missing}}

    def create_date_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return forms.DateField(widget=widget, **options)

    def create_multiline_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        return forms.CharField(max_length=5000, widget=forms.Textarea(attrs={"rows": 5}), **options)


def protection_fields(*, is_known: bool = False) -> dict[str, forms.Field]:
    """Return the fields that every form of the site ends with; a person who is logged in is no robot.

    The consent is a separate act with a document of its own (152-ФЗ since 2025-09-01); it is asked for
    as soon as the company has published that document.
    """
    fields: dict[str, forms.Field] = {}
    if consent := _consent_field():
        fields["consent"] = consent
    if not is_known:
        fields["captcha"] = CaptchaField()
    return fields


def _consent_field() -> forms.BooleanField | None:
    version = document_in_force(LegalDocumentPage.Kind.CONSENT, timezone.localdate())
    if version is None:
        return None
    return forms.BooleanField(
        label=format_html(
            'Даю <a href="{}" target="_blank" rel="noopener">согласие на обработку персональных данных</a>',
            version.url,
        ),
        error_messages={
            "required": "Отметьте согласие, без него мы не вправе принять ваше сообщение."
        },
    )


class FormField(AbstractFormField):
    page = ParentalKey("cms_pages.FormPage", on_delete=models.CASCADE, related_name="form_fields")

    def get_field_clean_name(self) -> str:
        """Return the key of its answers. Wagtail's would be too long for its column, or empty."""
        return key_of(self.label)


class FormRoute(Orderable):
    """Where letters go when a visitor chooses an answer, such as a subject of a list."""

    page = ParentalKey("cms_pages.FormPage", on_delete=models.CASCADE, related_name="routes")
    answer = models.CharField(_("если выбрано"), max_length=255)
    to_address = models.CharField(
        _("письма приходят на"),
        max_length=255,
        validators=[validate_to_address],
        help_text=_("Несколько адресов — через запятую."),
    )

    panels = [FieldRowPanel([FieldPanel("answer"), FieldPanel("to_address")])]

    class Meta(Orderable.Meta):
        verbose_name = _("адрес по теме")
        verbose_name_plural = _("адреса по темам")

    def __str__(self) -> str:
        return self.answer


class FormPageForm(SitePageForm, WagtailAdminFormPageForm):
    """Wagtail's checks of the fields with our check of the address, and of the subjects' addresses."""

    def clean(self) -> Any:
        cleaned = super().clean()
        offered = {fold(one) for form in self._rows_of("form_fields") for one in _choices(form)}
        for form in self._rows_of("routes"):
            answer = form.cleaned_data.get("answer", "")
            if answer and fold(answer) not in offered:
                form.add_error(
                    "answer",
                    _(
                        "Такого варианта нет ни в одном списке формы. Перепишите его из поля выбора."
                    ),
                )
        return cleaned

    def _rows_of(self, name: str) -> list[Any]:
        formset = self.formsets.get(name)
        if formset is None or not formset.is_valid():
            return []
        return [one for one in formset.forms if one not in formset.deleted_forms]


def _choices(form: Any) -> list[str]:
    """Return what a field offers, as Wagtail takes its list apart."""
    if form.cleaned_data.get("field_type") not in CHOICE_FIELDS:
        return []
    typed = form.cleaned_data.get("choices", "")
    return [one.strip().rstrip(",") for one in re.split(r"\r?\n" if "\n" in typed else ",", typed)]


class AnswersPanel(FormSubmissionsPanel):
    """How many answers there are, for those who may read them."""

    class BoundPanel(FormSubmissionsPanel.BoundPanel):
        def is_shown(self) -> bool:
            may = self.request.user.has_perm("cms_pages.answer_formentry")
            return bool(may and super().is_shown())


class LettersPanel(Panel):
    """Where letters about answers go now: an editor learns that nobody gets them."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "cms_pages/inbox/letters_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            return context | {"own": self.instance.to_address, "company": letterhead().reply_to}


class FormPage(FormMixin, SitePage):
    """A form whose answers are stored for editors and, if addresses are given, sent by e-mail."""

    base_form_class = FormPageForm

    intro = RichTextField(_("перед формой"), blank=True, features=SHORT_FEATURES)
    thanks = RichTextField(
        _("после отправки"),
        blank=True,
        features=SHORT_FEATURES,
        help_text=_("Когда и как ответят."),
    )
    button = models.CharField(_("надпись на кнопке"), max_length=40, default="Отправить")
    to_address = models.CharField(
        _("куда слать письма"),
        max_length=255,
        blank=True,
        validators=[validate_to_address],
        help_text=_(
            "Несколько адресов — через запятую. Без адреса письма приходят на общий адрес компании."
        ),
    )
    opens_appeal = models.BooleanField(
        _("операторы отвечают на сообщения как на обращения"),
        default=True,
        help_text=_(
            "С номером и в срок, в разделе «Обращения». Снимите отметку для опросов, заявок и вопросов "
            "редакции: на них отвечают в разделе «Входящие»."
        ),
    )

    # Who fills in the form, while a request is served.
    sender: FormSender | None = None
    # Of the answer that was just sent, if the company replies under a number.
    sent_number: int | None = None

    form_builder = SiteFormBuilder
    landing_page_template = "cms_pages/form_page_sent.html"
    content_panels = [
        AnswersPanel(),
        *SitePage.content_panels,
        FieldPanel("intro"),
        InlinePanel("form_fields", label=_("поле"), heading=_("Поля формы"), min_num=1),
        FieldPanel("button"),
        FieldPanel("thanks"),
        MultiFieldPanel(
            [LettersPanel(), FieldPanel("opens_appeal"), FieldPanel("to_address")],
            _("Кому приходят сообщения"),
        ),
        InlinePanel("routes", label=_("адрес"), heading=_("Адреса по темам")),
    ]
    search_fields = [*SitePage.search_fields, index.SearchField("intro")]
    parent_page_types = [
        "cms_pages.HomePage",
        "cms_pages.StandardPage",
        "cms_pages.ContactPage",
    ]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("страница с формой")
        verbose_name_plural = _("страницы с формами")

    def get_form_class(self) -> type[Any]:
        form_class = super().get_form_class()
        fields = protection_fields(is_known=self.sender is not None)
        return type("SiteForm", (form_class,), fields)

    def get_form_parameters(self) -> dict[str, Any]:
        if self.sender is None:
            return {}
        return {"initial": known_answers(self.sender, self.get_form_fields())}

    def get_data_fields(self) -> list[tuple[str, Any]]:
        """Return the columns of the answers, with the one that no visitor fills in."""
        return [*super().get_data_fields(), (SENDER, _("личный кабинет"))]

    def get_submission_class(self) -> type[FormEntry]:
        return FormEntry

    def get_submissions_list_view_class(self) -> type[Any]:
        from cms_pages.pages.form_answers import AnswersListView  # needs all models loaded

        return AnswersListView

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.sender = form_sender(request)
        if request.method == "POST":
            return self._receive(request)
        if "sent" in request.GET and request.method == "GET":
            from cms_pages.pages.form_answers import sent_number

            self.sent_number = sent_number(request.GET["sent"])
            return self._as_response(self.render_landing_page(request))
        return self._as_response(super().serve(request, *args, **kwargs))

    def _receive(self, request: HttpRequest) -> HttpResponse:
        """Store an answer and redirect, so that reloading sends nothing again; else show what was typed."""
        from cms_pages.pages.form_answers import (
            form_key_of,
            form_submission_save,
            may_answer,
            sent_mark,
            too_many_answers,
        )

        form, status = self.get_form(request.POST, request.FILES, page=self, user=request.user), 200
        if form.is_valid():
            if may_answer(request):
                number = form_submission_save(page=self, form=form, key=form_key_of(request, self))
                return HttpResponseRedirect(f"{self.get_url(request)}?sent={sent_mark(number)}")
            form.add_error(None, too_many_answers())
            status = 429
        context = {**self.get_context(request), "form": form}
        return TemplateResponse(request, self.get_template(request), context, status=status)

    @staticmethod
    def _as_response(response: Any) -> HttpResponse:
        checked: HttpResponse = response
        return checked
