"""Pages of a person's own second factor; `portal.staff.middleware` redirects to them."""

from collections.abc import Callable
from typing import TypeVar

import zxingcpp
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from portal.desk.access import DeskRequest
from portal.staff.exceptions import TooManyCodes, WrongCode
from portal.staff.forms import CodeForm
from portal.staff.login import second_factor
from portal.staff.selectors import seed_in_groups

Result = TypeVar("Result")


@never_cache
def overview(request: DeskRequest) -> HttpResponse:
    context = {
        "device": second_factor.second_factor_of(request.user),
        "needed": second_factor.second_factor_needed(request.user),
        "codes_left": second_factor.recovery_codes_left(request.user),
    }
    return render(request, "staff/second_factor.html", context)


@never_cache
def enrol(request: DeskRequest) -> HttpResponse:
    """Show the QR code, check the first code, show the recovery codes once.

    A second enrolment replaces the device.
    """
    if _must_verify_first(request):
        return redirect("staff_second_factor_verify")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        codes = _try(
            form,
            lambda code: second_factor.enrolment_confirm(
                request=request, user=request.user, code=code
            ),
        )
        if codes is not None:
            return _codes(request, codes)
    context = {
        "form": form,
        "seed": seed_in_groups(second_factor.enrolment_start(user=request.user)),
        "needed": second_factor.second_factor_needed(request.user),
        "next": _next(request),
    }
    return render(request, "staff/enrol.html", context)


@never_cache
def qr(request: DeskRequest) -> HttpResponse:
    """Draw the QR code of the device that waits for its first code, never of a confirmed one."""
    if _must_verify_first(request):
        raise Http404
    url = second_factor.enrolment_start(user=request.user).config_url
    svg = zxingcpp.create_barcode(url, zxingcpp.BarcodeFormat.QRCode).to_svg(add_quiet_zones=True)
    return HttpResponse(svg, content_type="image/svg+xml")


@never_cache
def verify(request: DeskRequest) -> HttpResponse:
    if not second_factor.second_factor_of(request.user):
        return redirect("staff_second_factor_enrol")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        device = _try(
            form,
            lambda code: second_factor.code_verify(request=request, user=request.user, code=code),
        )
        if device is not None:
            return redirect(_next(request))
    return render(request, "staff/verify.html", {"form": form, "next": _next(request)})


@require_POST
@never_cache
def renew_codes(request: DeskRequest) -> HttpResponse:
    if not second_factor.session_is_verified(request):
        return redirect("staff_second_factor_verify")
    return _codes(request, second_factor.recovery_codes_renew(user=request.user))


def _codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    return render(request, "staff/codes.html", {"codes": codes, "next": _next(request)})


def _try(form: CodeForm, work: Callable[[str], Result]) -> Result | None:
    """Return what the work gives, or None, with the error in the form, for a wrong code."""
    try:
        return work(form.cleaned_data["code"])
    except WrongCode:
        form.add_error("code", "Код не подошёл. Введите тот, который приложение показывает сейчас.")
    except TooManyCodes as error:
        form.add_error(
            "code", f"Слишком много неверных кодов. Подождите {error.seconds} с и введите новый."
        )
    return None


def _must_verify_first(request: DeskRequest) -> bool:
    """Tell whether the session must pass the present factor first.

    The password alone must not be enough to replace the device.
    """
    has_one = second_factor.second_factor_of(request.user) is not None
    return has_one and not second_factor.session_is_verified(request)


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if ours and wanted.startswith("/admin/") else reverse("wagtailadmin_home")
