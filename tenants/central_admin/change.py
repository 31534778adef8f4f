"""The page «Изменить» of a company."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.desk.access import DeskRequest, desk_view
from portal.desk.pages import desk_page
from portal.formats.phones import PhoneFormField, office_number
from tenants.central_admin.companies import company_address, who
from tenants.central_admin.regions import FIND, RegionsField, typed_while_searching
from tenants.models import GasCompany
from tenants.models.company import ZONES
from tenants.services import StatusRefused
from tenants.services.change import CompanyFacts, company_change, zone_effects

_SALT = "what the form of a company showed"


class ChangeForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Название"),
        max_length=200,
        help_text=gettext_lazy(
            "Его видят на сайте, в личном кабинете, в письмах и СМС и в списке регионов."
        ),
    )
    time_zone = forms.ChoiceField(label=gettext_lazy("Часовой пояс"), choices=ZONES)
    regions = RegionsField()
    contact_name = forms.CharField(
        label=gettext_lazy("С кем связаться"),
        max_length=150,
        required=False,
        help_text=gettext_lazy("Для центрального офиса: на сайте этого человека не видно."),
    )
    contact_phone = PhoneFormField(label=gettext_lazy("Телефон"), max_length=40, required=False)
    contact_email = forms.EmailField(label=gettext_lazy("Электронная почта"), required=False)
    seen = forms.CharField(widget=forms.HiddenInput)
    confirmed = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_contact_phone(self) -> str:
        typed: str = self.cleaned_data["contact_phone"]
        return office_number(typed) if typed else ""

    def clean_seen(self) -> CompanyFacts:
        try:
            return CompanyFacts.from_plain(signing.loads(self.cleaned_data["seen"], salt=_SALT))
        except signing.BadSignature as error:
            raise ValidationError(_("Страница устарела. Откройте её ещё раз.")) from error

    @property
    def wanted(self) -> CompanyFacts:
        data = dict(self.cleaned_data)
        data.pop("seen")
        data.pop("confirmed")
        codes = tuple(sorted(region.code for region in data.pop("regions")))
        return CompanyFacts(**data, regions=codes)


@desk_view("tenants.change_gascompany", hidden=False)
def change(request: DeskRequest, company_id: int) -> HttpResponse:
    """Change a company; a new name or time zone is saved after it was read what it means."""
    at_work = GasCompany.objects.filter(status__in=GasCompany.AT_WORK)
    company = get_object_or_404(at_work.prefetch_related("regions", "domains"), pk=company_id)
    if FIND in request.POST:
        return _page(request, company, typed_while_searching(ChangeForm, request.POST))
    form = ChangeForm(request.POST or None, initial=_initial(company))
    effects: list[str] = []
    if form.is_valid():
        wanted = form.wanted
        seen: CompanyFacts = form.cleaned_data["seen"]
        effects = _effects(company, seen, wanted)
        if not effects or form.cleaned_data["confirmed"] == _mark(wanted):
            try:
                company_change(
                    company_id=company.pk,
                    seen=seen,
                    wanted=wanted,
                    **who(request),
                )
            except StatusRefused as refused:
                form.add_error(None, str(refused))
                effects = []
            else:
                messages.success(request, _("Данные компании изменены."))
                return redirect(company_address(company.pk))
    return _page(request, company, form, effects)


def _page(
    request: DeskRequest, company: GasCompany, form: forms.Form, effects: list[str] | None = None
) -> HttpResponse:
    mark = _mark(form.wanted) if effects and isinstance(form, ChangeForm) else ""
    context: dict[str, Any] = {
        "object": company,
        "form": form,
        "effects": effects or [],
        "mark": mark,
        "shown": [field for field in form if not field.is_hidden],
        "seen": form["seen"].value(),
        "back": company_address(company.pk),
    }
    template = "tenants/central_admin/change.html"
    return desk_page(request, template, context, title=_("Изменить компанию"), icon="edit")


def _initial(company: GasCompany) -> dict[str, Any]:
    facts = CompanyFacts.of(company)
    seen = signing.dumps(facts.as_plain(), salt=_SALT)
    return {**facts.as_plain(), "regions": list(company.regions.all()), "seen": seen}


def _mark(wanted: CompanyFacts) -> str:
    """Return what says that these very values were confirmed."""
    return signing.Signer(salt=_SALT).signature(repr(wanted))


def _effects(company: GasCompany, seen: CompanyFacts, wanted: CompanyFacts) -> list[str]:
    said = []
    if wanted.name != seen.name:
        said.append(
            _(
                "Новое название сразу появится на сайте, в заголовке главной страницы, в личном "
                "кабинете, в новых письмах и СМС и в списке регионов. С прежним останутся "
                "выпущенные документы, согласия, которые уже дали абоненты, и реквизиты: их "
                "меняет администратор компании."
            )
        )
    if wanted.time_zone != seen.time_zone:
        said.append(
            _(
                "Напоминания о показаниях, тихие часы, публикации по расписанию и границы суток "
                "пойдут по новому поясу."
            )
        )
        said += zone_effects(company, wanted.time_zone)
    return said
