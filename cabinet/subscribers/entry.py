"""The page of whoever is not logged in: tabs «Вход» and «Регистрация»."""

from django.http import HttpResponse
from django.shortcuts import render

from cabinet.subscribers.http import CabinetRequest
from cabinet.subscribers.login.forms import LoginForm
from cabinet.subscribers.registration.forms import RegistrationForm


def entry_page(
    request: CabinetRequest,
    tab: str,
    *,
    login_form: LoginForm | None = None,
    register_form: RegistrationForm | None = None,
) -> HttpResponse:
    context = {
        "tab": tab,
        "login_form": login_form or LoginForm(),
        "register_form": register_form or RegistrationForm(),
        "next": request.POST.get("next") or request.GET.get("next") or "",
    }
    return render(request, "cabinet/subscribers/entry.html", context)
