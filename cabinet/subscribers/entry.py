"""The page of whoever is not logged in: tabs «Вход» and «Регистрация» (manual 1, figure 1)."""

from django.http import HttpResponse
from django.shortcuts import render

from cabinet.subscribers.consents.documents import documents_to_accept
from cabinet.subscribers.contact_form import asked_by
from cabinet.subscribers.http import CabinetRequest
from cabinet.subscribers.login.forms import LoginForm
from cabinet.subscribers.registration.forms import RegistrationForm
from cms_pages.models import GuidePage


def entry_page(
    request: CabinetRequest,
    tab: str,
    *,
    login_form: LoginForm | None = None,
    register_form: RegistrationForm | None = None,
) -> HttpResponse:
    """`register_form` is needed for its tab."""
    context = {
        "tab": tab,
        "form": register_form
        if tab == "register"
        else login_form or LoginForm(by=asked_by(request)),
        "next": request.POST.get("next") or request.GET.get("next") or "",
        "documents": documents_to_accept(request.tenant),
        "guide": GuidePage.objects.live().public().order_by("path").first(),
    }
    return render(request, "cabinet/subscribers/entry.html", context)
