"""Forms that name an account (region, company, number, initials) and prove that it is one's own."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from cabinet.accounts import typed
from cabinet.accounts.proofs import Proof
from portal.formats.text import clean_text, without_control
from tenants.models import GasCompany
from tenants.selectors import companies_by_region


class TypedField(forms.CharField):
    """A text that `read` brings to its normal form; what was typed stays in the box on an error."""

    def __init__(self, read: Callable[[str], str], **kwargs: Any) -> None:
        self.read = read
        # No `required` of Django's own: `read` says what is missing in words of the subject.
        super().__init__(required=False, max_length=200, **kwargs)

    def clean(self, value: Any) -> str:
        try:
            return self.read(super().clean(value))
        except ValueError as error:
            raise ValidationError(str(error)) from error


class LetterField(forms.CharField):
    """A text of several lines that somebody reads in a letter: without invisible signs and empty lines."""

    widget = forms.Textarea(attrs={"rows": 3})

    def clean(self, value: Any) -> str:
        lines = without_control(super().clean(value)).splitlines()
        return "\n".join(filter(None, map(clean_text, lines)))


class LongSelect(forms.Select):
    """A select that writes its options without a template for each: there are up to 89 regions."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        attributes = flatatt({"name": name, **self.build_attrs(self.attrs, attrs)})
        chosen = mark_safe(" selected")
        rows = ((key, chosen if key == value else "", label) for key, label in self.choices)
        options = format_html_join("", '<option value="{}"{}>{}</option>', rows)
        return format_html("<select{}>{}</select>", attributes, options)


class AccountForm(forms.Form):
    """Region, company, number and initials of an account of some `kinds` of company.

    `here` is the company of this host. A region with several companies asks which; until then the form is
    not valid.
    """

    region = forms.ChoiceField(label=_("Регион"), widget=LongSelect)
    company = forms.ChoiceField(
        label=_("Газовая компания"),
        widget=forms.RadioSelect,
        help_text=_("В этом регионе их несколько. Название вашей стоит в квитанции."),
        error_messages={"required": _("Выберите компанию: её название стоит в квитанции.")},
    )
    account_number = TypedField(
        typed.account_number,
        label=_("Номер лицевого счёта"),
        help_text=_("Напечатан вверху квитанции"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    initials = TypedField(
        typed.initials,
        label=_("ФИО"),
        help_text=_("Инициалы, три буквы: АБВ"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def __init__(self, *args: Any, kinds: frozenset[str], here: GasCompany, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._here = here
        self._by_region = companies_by_region(kinds)
        own = next((name for name, some in self._by_region.items() if here in some), "")
        region_field = self.fields["region"]
        assert isinstance(region_field, forms.ChoiceField)  # noqa: S101 — tells mypy the class
        region_field.choices = [(name, name) for name in self._by_region]
        region_field.initial = own
        self._asked_region = self._asked("region") or own
        self._offer_companies(here)

    def _asked(self, name: str) -> Any:
        return self.data.get(self.add_prefix(name)) or self.initial.get(name)

    def _offer_companies(self, here: GasCompany) -> None:
        some = self._by_region.get(self._asked_region, [])
        if len(some) < 2:
            del self.fields["company"]
            return
        field = self.fields["company"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [(company.schema_name, company.name) for company in some]
        field.initial = here.schema_name if here in some else None

    @property
    def asked_company(self) -> GasCompany | None:
        """Return the company that is meant so far, valid form or not; None while it has to be chosen."""
        some = self._by_region.get(self._asked_region, [])
        chosen = self._asked("company")
        fitting = [one for one in some if len(some) == 1 or one.schema_name == chosen]
        return next(iter(fitting), None)

    @property
    def chosen_company(self) -> GasCompany:
        """Return the company of a valid form: the one chosen, or the region's only one."""
        some = self._by_region[self.cleaned_data["region"]]
        chosen = self.cleaned_data.get("company")
        return next(company for company in some if chosen in (None, company.schema_name))


def proof_field(proof: Proof) -> TypedField:
    """Return the field of a proof's answer, named `proof.field` by whoever adds it to a form."""
    return TypedField(
        proof.read,
        label=proof.label,
        help_text=proof.hint,
        # A shared computer must not offer it to the next person.
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": proof.inputmode}),
    )
