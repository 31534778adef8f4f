"""Naming an account: the region, its company, the number, the initials. Guest pages and linking."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cabinet.accounts import typed
from tenants.models import GasCompany


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


class AccountForm(forms.Form):
    """`companies`: those that can be asked, with regions. `here`: the company of this host.

    A region with several companies asks which; until then the form is not valid.
    """

    region = forms.ChoiceField(label=_("Регион"))
    company = forms.ChoiceField(
        label=_("Газовая компания"),
        widget=forms.RadioSelect,
        help_text=_("В этом регионе их несколько. Название вашей стоит в квитанции."),
        error_messages={"required": _("Выберите компанию: её название стоит в квитанции.")},
    )
    account_number = TypedField(
        typed.account_number,
        label=_("Номер лицевого счёта"),
        help_text=_("Он напечатан в квитанции вверху, например 805107."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    initials = TypedField(
        typed.initials,
        label=_("ФИО"),
        help_text=_(
            "Первые буквы фамилии, имени и отчества без точек: Абрамов Борис Васильевич — АБВ."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def __init__(
        self, *args: Any, companies: list[GasCompany], here: GasCompany, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.companies = companies
        by_region: dict[str, list[GasCompany]] = {}
        for company in companies:
            for region in company.regions.all():
                by_region.setdefault(region.name, []).append(company)
        self._by_region = dict(sorted(by_region.items()))
        own = next((name for name, some in by_region.items() if here in some), "")
        region_field = self.fields["region"]
        assert isinstance(region_field, forms.ChoiceField)  # noqa: S101 — tells mypy the class
        region_field.choices = [(name, name) for name in self._by_region]
        region_field.initial = own
        asked = self.data.get(self.add_prefix("region")) or self.initial.get("region")
        self._offer_companies(asked or own, here)

    def _offer_companies(self, region: str, here: GasCompany) -> None:
        some = self._by_region.get(region, [])
        if len(some) < 2:
            del self.fields["company"]
            return
        field = self.fields["company"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [(company.schema_name, company.name) for company in some]
        field.initial = here.schema_name if here in some else None

    @property
    def asked_company(self) -> GasCompany | None:
        """The one that is meant so far, valid form or not; None while it has to be chosen."""
        region = self.fields["region"]
        asked = self.data.get(self.add_prefix("region")) or self.initial.get("region")
        some = self._by_region.get(asked or region.initial, [])
        chosen = self.data.get(self.add_prefix("company")) or self.initial.get("company")
        fitting = [one for one in some if len(some) == 1 or one.schema_name == chosen]
        return next(iter(fitting), None)

    @property
    def chosen_company(self) -> GasCompany:
        """Of a valid form: the one chosen, or the region's only one."""
        some = self._by_region[self.cleaned_data["region"]]
        chosen = self.cleaned_data.get("company")
        return next(company for company in some if chosen in (None, company.schema_name))
