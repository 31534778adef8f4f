"""The form that sends shared content."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tenants.models import GasCompany, Region, SharedVersion


def companies_reached() -> QuerySet[GasCompany]:
    """Return the companies that can be sent to; a suspended one gets it when it works again."""
    companies: QuerySet[GasCompany] = GasCompany.objects.filter(status__in=GasCompany.AT_WORK)
    return companies


class SendForm(forms.Form):
    ALL, GAS, FUNDS, REGIONS, SOME = "all", "gas", "capital_repair", "regions", "some"

    whom = forms.ChoiceField(
        label=_("Кому"),
        choices=[
            (ALL, _("всем компаниям")),
            (GAS, _("всем компаниям газоснабжения")),
            (FUNDS, _("всем фондам капитального ремонта")),
            (REGIONS, _("компаниям отмеченных регионов")),
            (SOME, _("отмеченным компаниям")),
        ],
        initial=SOME,
        widget=forms.RadioSelect,
    )
    regions = forms.ModelMultipleChoiceField(
        label=_("Регионы"),
        queryset=Region.objects.filter(companies__in=companies_reached()).distinct(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    companies = forms.ModelMultipleChoiceField(
        label=_("Компании"),
        queryset=companies_reached(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    publish = forms.ChoiceField(
        label=_("Как"),
        choices=[
            ("no", _("черновиком: компания проверит и опубликует сама")),
            ("yes", _("сразу опубликовать на сайтах компаний")),
        ],
        initial="no",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Что изменилось"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Это увидят редакторы компаний, когда вы пришлёте новую версию."),
    )
    new_companies = forms.ChoiceField(
        label=_("Компаниям, которые откроются позже"),
        choices=SharedVersion.NewCompanies.choices,
        required=False,
        help_text=_("Получат последнюю отправленную версию, когда их сайт будет готов."),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("whom") == self.REGIONS and not data.get("regions"):
            self.add_error("regions", _("Отметьте хотя бы один регион."))
        if data.get("whom") == self.SOME and not data.get("companies"):
            self.add_error("companies", _("Отметьте хотя бы одну компанию."))
        return data

    def as_arguments(self) -> dict[str, Any]:
        """Return what `shared_send` asks for."""
        data, companies = self.cleaned_data, companies_reached()
        if data["whom"] == self.SOME:
            companies = data["companies"]
        elif data["whom"] == self.REGIONS:
            companies = companies.filter(regions__in=data["regions"]).distinct()
        elif data["whom"] != self.ALL:
            companies = companies.filter(kind=data["whom"])
        return {
            "companies": companies,
            "publish": data["publish"] == "yes",
            "new_companies": data["new_companies"],
            "note": data["note"],
        }
