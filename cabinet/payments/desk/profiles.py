"""Formats of registries that the company sets, each with a preview of its own last payments."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.payments.bank_files.columns import COLUMNS, COUNT, SUMS
from cabinet.payments.bank_files.writing import PREVIEW, payments_left, registry_lines
from cabinet.payments.desk.rights import ICON, PROFILES
from cabinet.payments.models import Payment, PaymentRegistryProfile
from portal.audit.services import audit_write
from portal.desk.access import DeskRequest, company_only, desk_view
from portal.desk.pages import desk_page

_COLUMNS_SHOWN = 16
_EMPTY = "empty"


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """The columns are fields of their own, in their order; what is left out at the end is no column."""

    control = forms.MultipleChoiceField(
        label=gettext_lazy("В контрольной строке"),
        choices=[
            (COUNT, gettext_lazy("число строк")),
            *((name, COLUMNS[name].title) for name in SUMS),
        ],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("По ней проверяют, что файл пришёл целиком."),
        error_messages={"required": gettext_lazy("Отметьте число строк и сумму.")},
    )

    class Meta:
        model = PaymentRegistryProfile
        fields = (
            "name",
            "encoding",
            "separator",
            "date_format",
            "decimal_mark",
            "has_header",
            "control_sign",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["control"].initial = self.instance.control or [COUNT, "credited"]
        choices = [
            ("", _("— нет столбца")),
            (_EMPTY, _("пустое поле")),
            *((name, column.title) for name, column in COLUMNS.items()),
        ]
        present = self.instance.columns or ["account_number", "paid_on", "credited", "payment_id"]
        for number in range(_COLUMNS_SHOWN):
            initial = (present[number] or _EMPTY) if number < len(present) else ""
            self.fields[f"column_{number + 1}"] = forms.ChoiceField(
                label=_("Столбец %(number)s") % {"number": number + 1},
                choices=choices,
                initial=initial,
                required=False,
            )

    def clean_separator(self) -> str:
        separator: str = self.cleaned_data["separator"]
        if separator not in (";", "|", "\t", ",", "^", "~"):
            raise forms.ValidationError(_("Разделитель — один из знаков ; | , ^ ~"))
        return separator

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        columns = self._columns()
        named = [name for name in columns if name]
        if not named:
            self.add_error("column_1", _("Выберите хотя бы один столбец."))
        if len(named) != len(set(named)):
            self.add_error("column_1", _("Один столбец выбран дважды."))
        control = cleaned.get("control") or []
        if control and COUNT not in control:
            self.add_error("control", _("Отметьте и число строк."))
        if control and not set(control) & set(SUMS):
            self.add_error("control", _("Отметьте и сумму."))
        lacking = [str(COLUMNS[one].title) for one in control if one != COUNT and one not in named]
        if lacking:
            text = _("В файле нет столбца: %(names)s.") % {"names": ", ".join(lacking)}
            self.add_error("control", text)
        if cleaned.get("separator") == "," == cleaned.get("decimal_mark"):
            self.add_error("separator", _("Запятая уже отделяет копейки. Выберите другой знак."))
        self.instance.columns, self.instance.control = columns, control
        return cleaned

    def _columns(self) -> list[str]:
        chosen = [
            self.cleaned_data.get(f"column_{number + 1}", "") for number in range(_COLUMNS_SHOWN)
        ]
        while chosen and not chosen[-1]:
            chosen.pop()
        return ["" if one == _EMPTY else one for one in chosen]


@company_only
@desk_view(PROFILES)
def profile_list(request: DeskRequest) -> HttpResponse:
    context = {
        "tab": "profiles",
        "profiles": PaymentRegistryProfile.objects.order_by("name"),
    }
    title = _("Форматы реестров")
    return desk_page(request, "payments/desk/profiles.html", context, title=title, icon=ICON)


@company_only
@desk_view(PROFILES)
def profile_edit(request: DeskRequest, pk: int | None = None) -> HttpResponse:
    """Show the form and, after «Показать пример», what a file would look like; «Сохранить» stores it."""
    profile = get_object_or_404(PaymentRegistryProfile, pk=pk) if pk else PaymentRegistryProfile()
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=profile)
    preview: list[str] = []
    if form.is_bound and form.is_valid():
        if "preview" not in request.POST:
            form.save()
            audit_write(actor=request.user, action="payments.profile", subject=profile)
            messages.success(request, _("Формат «%s» сохранён.") % profile)
            return redirect("payments_profiles")
        preview = _preview(profile)
    elif profile.pk and not form.is_bound:
        preview = _preview(profile)
    title = str(profile) if pk else _("Новый формат реестра")
    context = {"form": form, "preview": preview, "profile": profile}
    return desk_page(request, "payments/desk/profile.html", context, title=title, icon=ICON)


@company_only
@desk_view(PROFILES)
def profile_delete(request: DeskRequest, pk: int) -> HttpResponse:
    """Ask, and by POST delete the format; files that were made by it stay as they are."""
    profile = get_object_or_404(PaymentRegistryProfile, pk=pk)
    if request.method == "POST":
        audit_write(actor=request.user, action="payments.profile_delete", subject=profile)
        profile.delete()
        messages.success(request, _("Формат удалён."))
        return redirect("payments_profiles")
    context = {"profile": profile, "danger": _("Удалить"), "back": "../"}
    title = _("Удалить формат «%s»") % profile
    return desk_page(request, "payments/desk/profile_delete.html", context, title=title, icon=ICON)


def _preview(profile: PaymentRegistryProfile) -> list[str]:
    newest = Payment.objects.filter(state=Payment.State.SUCCEEDED).order_by("-paid_at")[:PREVIEW]
    rows = Payment.objects.filter(pk__in=[one.pk for one in newest]).select_related(
        "account", "transfer"
    )
    return list(registry_lines(profile, payments_left(rows.order_by("paid_at", "pk"))))
