"""What a central admin types: checked here field by field, and again by the services."""

import datetime
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tenants.utils import schema_exists

from portal.formats.text import without_invisible
from tenants.central_admin.regions import RegionsField
from tenants.models import (
    Domain,
    GasCompany,
    ProvisioningRun,
    Region,
    normalise_host,
    validate_schema_name,
)
from tenants.models.company import ZONES
from tenants.opening.copying import companies_to_copy, parts
from tenants.services import domain_check


def clean_host(typed: str) -> str:
    """Return a host in normal form, also out of a pasted address. Raises ValidationError."""
    typed = typed.strip()
    try:
        host = normalise_host(urlsplit(typed).netloc if "://" in typed else typed)
    except ValueError:  # `http://[x`: not even an address
        host = typed
    try:
        domain_check(Domain(domain=host))
    except ValidationError as error:
        raise ValidationError([f"{typed}: {message}" for message in error.messages]) from error
    return host


class CompanyForm(forms.Form):
    """A new company, all on one page."""

    name = forms.CharField(
        label=_("Название"),
        max_length=200,
        help_text=_("Полностью, как его увидят абоненты: ООО «Газпром межрегионгаз Псков»."),
    )
    regions = RegionsField()
    kind = forms.ChoiceField(
        label=_("Вид"),
        choices=GasCompany.Kind.choices,
        initial=GasCompany.Kind.GAS,
        widget=forms.RadioSelect,
    )
    time_zone = forms.ChoiceField(label=_("Часовой пояс"), choices=ZONES, initial="Europe/Moscow")
    schema_name = forms.CharField(
        label=_("Имя схемы"),
        max_length=100,
        help_text=_(
            "Латинские строчные буквы, цифры и подчёркивание, например pskov. Изменить его потом нельзя."
        ),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    domains = forms.CharField(
        label=_("Адреса сайта"),
        widget=forms.Textarea(attrs={"rows": 2, "autocapitalize": "none", "spellcheck": "false"}),
        help_text=_("По одному в строке, первый — основной. Можно по-русски: псков.газ.рф."),
    )
    set_up_as = forms.ChoiceField(label=_("Настроить как у\u00a0…"), required=False)
    administrator = forms.EmailField(
        label=_("Почта первого администратора"),
        help_text=_("Когда компания будет готова, на этот адрес уйдёт приглашение."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["set_up_as"]
        sources = companies_to_copy()
        self._kinds = {one.schema_name: one.kind for one in sources}
        names = [(one.schema_name, one.name) for one in sources]
        field.choices = [("", _("никакой: с\u00a0начальными настройками")), *names]  # type: ignore[attr-defined]
        said = "; ".join(str(part.label) for part in parts())
        field.help_text = (
            _(
                "Скопируем: %s. Не\u00a0копируем счета, сотрудников, ключи, реквизиты и\u00a0телефоны."
            )
            % said
        )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        source = data.get("set_up_as")
        if source and data.get("kind") and self._kinds[source] != data["kind"]:
            self.add_error("set_up_as", _("Выберите компанию того же вида."))
        return data

    def clean_schema_name(self) -> str:
        name: str = self.cleaned_data["schema_name"].strip()
        validate_schema_name(name)
        moving = ProvisioningRun.objects.filter(
            schema_name=name,
            state__in=[ProvisioningRun.State.QUEUED, ProvisioningRun.State.RUNNING],
        )
        if GasCompany.objects.filter(schema_name=name).exists() or moving.exists():
            raise ValidationError(_("Компания с таким именем схемы уже есть."))
        if schema_exists(name, case_sensitive=False):
            raise ValidationError(_("В базе уже есть схема с таким именем. Выберите другое."))
        return name

    def clean_domains(self) -> list[str]:
        lines = without_invisible(self.cleaned_data["domains"]).splitlines()
        typed = [line for line in lines if line.strip()]
        hosts, errors = [], []
        for line in typed:
            try:
                hosts.append(clean_host(line))
            except ValidationError as error:
                errors.extend(error.messages)
        if errors:
            raise ValidationError(errors)
        if len(set(hosts)) < len(hosts):
            raise ValidationError(_("Один и тот же адрес введён дважды."))
        if not hosts:
            raise ValidationError(_("Введите хотя бы один адрес."))
        return hosts

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of `company_provision`, as plain JSON."""
        data = self.cleaned_data
        return {
            "schema_name": data["schema_name"],
            "name": " ".join(data["name"].split()),
            "regions": [region.name for region in data["regions"]],
            "domain": data["domains"][0],
            "other_domains": data["domains"][1:],
            "kind": data["kind"],
            "time_zone": data["time_zone"],
            "administrator": data["administrator"],
            "set_up_as": data["set_up_as"],
        }


def initial_of(run: ProvisioningRun) -> dict[str, Any]:
    """Return the initial values of the form from a failed run, to correct what was wrong."""
    said = run.arguments
    return {
        **said,
        "regions": list(Region.objects.filter(name__in=said["regions"])),
        "domains": "\n".join([said["domain"], *said.get("other_domains", [])]),
    }


class DomainForm(forms.Form):
    domain = forms.CharField(
        label=_("Новый адрес"),
        max_length=253,
        help_text=_("Без «http://», например lk.pskov.ru или псков.газ.рф."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_domain(self) -> str:
        return clean_host(self.cleaned_data["domain"])


class SuspendForm(forms.Form):
    reason = forms.CharField(
        label=_("Причина"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Её увидят сотрудники компании; посетителям сайта она не\u00a0видна."),
        error_messages={"required": _("Напишите, почему компания приостановлена.")},
    )
    until = forms.DateField(
        label=_("Откроется"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Если день известен, его увидят посетители сайта."),
    )

    def clean_until(self) -> datetime.date | None:
        until: datetime.date | None = self.cleaned_data["until"]
        if until and until <= timezone.localdate():
            raise ValidationError(_("Укажите день в\u00a0будущем или оставьте поле пустым."))
        return until


class OpenForm(forms.Form):
    """Why a site opens in spite of what is missing; asked where something is."""

    reason = forms.CharField(
        label=_("Почему открываете, хотя готово не\u00a0всё"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Причина останется в\u00a0журнале."),
    )


class DeleteForm(forms.Form):
    typed_name = forms.CharField(
        label=_("Название компании"),
        help_text=_("Введите его точно так, как оно написано выше."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Введите название компании.")},
    )
    reason = forms.CharField(
        label=_("Причина"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Её прочитает администратор, который подтверждает удаление."),
        error_messages={"required": _("Напишите, почему компанию удаляют.")},
    )
