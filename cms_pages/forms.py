"""The forms that visitors of a company's site fill in."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.html import format_html
from wagtail.contrib.forms.forms import FormBuilder

from portal.captcha.fields import CaptchaField

# Fields that are no part of the answer.
PROTECTION = ("captcha",)


class SiteFormBuilder(FormBuilder):
    def create_date_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return forms.DateField(widget=widget, **options)

    def create_multiline_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        return forms.CharField(max_length=5000, widget=forms.Textarea(attrs={"rows": 5}), **options)


def protection_fields() -> dict[str, forms.Field]:
    """What every form of the site ends with.

    The consent is a separate act with a document of its own (152-ФЗ since 2025-09-01); it is asked for
    as soon as the company has published that document.
    """
    fields: dict[str, forms.Field] = {}
    if consent := _consent_field():
        fields["consent"] = consent
    fields["captcha"] = CaptchaField()
    return fields


def _consent_field() -> forms.BooleanField | None:
    from cms_pages.models import LegalDocumentPage
    from cms_pages.selectors import document_in_force

    version = document_in_force(LegalDocumentPage.Kind.CONSENT, timezone.localdate())
    if version is None:
        return None
    return forms.BooleanField(
        label=format_html(
            'Даю <a href="{}" target="_blank" rel="noopener">согласие на обработку персональных данных</a>',
            version.url,
        ),
        error_messages={"required": "Без согласия мы не вправе принять ваше сообщение."},
    )
