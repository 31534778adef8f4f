from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.auth import LoginForm

from portal.staff.login import limits
from portal.staff.models import StaffUser
from portal.staff.roles import ROLES, role_of


class StaffLoginForm(LoginForm):
    """Wagtail's login form with Russian labels: it makes an English one of the password's name."""

    username = forms.CharField(
        label=_("Логин"), max_length=254, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label=_("Пароль"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    error_messages = {
        **LoginForm.error_messages,
        "invalid_login": _(
            "Логин или пароль не подошли. Проверьте раскладку клавиатуры и попробуйте ещё раз."
        ),
        "blocked": _(
            "Слишком много неверных паролей: вход закрыт на 15 минут. Если ждать нельзя, нажмите «Забыли "
            "пароль?» — по ссылке из письма вы зададите новый пароль и войдёте сразу."
        ),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["username"].widget.attrs["placeholder"]

    def get_invalid_login_error(self) -> ValidationError:
        """Return another error when the next guess would not be looked at; the same for an unknown login."""
        username = self.cleaned_data.get("username", "")
        if limits.login_blocked(self.request, username):
            return ValidationError(self.error_messages["blocked"], code="blocked")
        error: ValidationError = super().get_invalid_login_error()
        return error


class RolesForm(forms.Form):
    """The roles that the administrator may grant; no field where there are none."""

    roles = forms.MultipleChoiceField(
        label=_("Роли"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Выберите хотя бы одну роль.")},
    )

    def __init__(self, *args: Any, grantable: list[Group], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if grantable:
            self.fields["roles"].choices = [  # type: ignore[attr-defined]
                (one.name, f"{role.title} — {role.hint}")
                for one in grantable
                if (role := role_of(one.name))
            ]
        else:
            del self.fields["roles"]


class InviteForm(RolesForm):
    email = forms.EmailField(
        label=_("Электронная почта"),
        max_length=150,
        help_text=_("Адрес станет логином. Ссылка из письма действует три дня."),
        error_messages={
            "required": _("Укажите адрес электронной почты."),
            "invalid": _("Проверьте адрес электронной почты. Пример: name@mail.ru."),
        },
    )
    field_order = ("email", "roles")


class SecondFactorRolesForm(forms.Form):
    """Which roles of a company need a second factor; of some the portal asks it always."""

    roles = forms.MultipleChoiceField(
        label=_("Второй фактор обязателен"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = [  # type: ignore[attr-defined]
            (role.group, role.title) for role in ROLES.values() if not role.needs_second_factor
        ]


class AcceptForm(forms.Form):
    last_name = forms.CharField(
        label=_("Фамилия"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"required": _("Укажите фамилию.")},
    )
    first_name = forms.CharField(
        label=_("Имя"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": _("Укажите имя.")},
    )
    password = forms.CharField(
        label=_("Пароль"),
        max_length=128,
        strip=False,
        help_text=_("Не короче 8 знаков, не только цифры."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Придумайте пароль.")},
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("password"):
            names = {name: cleaned.get(name, "") for name in ("first_name", "last_name")}
            try:
                validate_password(
                    cleaned["password"], StaffUser(username=self.email, email=self.email, **names)
                )
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Код"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True}),
        error_messages={"required": _("Введите код.")},
    )
