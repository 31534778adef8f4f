"""Opening a company: the form, and the page that shows its steps."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tenants.central_admin.access import CentralRequest, may
from tenants.central_admin.forms import CompanyForm, initial_of
from tenants.invitations import can_invite
from tenants.models import ProvisioningRun
from tenants.runs.journal import step_seconds
from tenants.runs.services import NotRetried, run_request, run_retry
from tenants.services.provision import STEPS

REFRESH_SECONDS = 2


def run_address(run_id: int) -> str:
    return reverse("tenants_provisioningrun_modeladmin_inspect", args=[run_id])


@may("add_gascompany")
def company_create(request: CentralRequest) -> HttpResponse:
    form = CompanyForm(request.POST or None, initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        run = run_request(arguments=form.arguments(), actor=request.user.get_username())
        return redirect(run_address(run.pk))
    context = {"page_title": _("Новая компания"), "header_icon": "site", "form": form}
    return render(request, "tenants/central_admin/create.html", context)


def _initial(request: CentralRequest) -> dict[str, object] | None:
    number = request.GET.get("run", "")
    run = ProvisioningRun.objects.filter(pk=number).first() if number.isdecimal() else None
    return initial_of(run) if run else None


@may("view_provisioningrun")
def run_show(request: CentralRequest, run_id: int) -> HttpResponse:
    """Comes again by itself while there is something to wait for: a header, so that no script is needed."""
    run = get_object_or_404(ProvisioningRun.objects.select_related("company"), pk=run_id)
    context = {
        "page_title": _("Создание компании"),
        "header_icon": "site",
        "run": run,
        "steps": _steps(run),
        "can_invite": can_invite(),
        "refresh_seconds": REFRESH_SECONDS,
    }
    response = render(request, "tenants/central_admin/run.html", context)
    if run.is_moving:
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


def _steps(run: ProvisioningRun) -> list[dict[str, object]]:
    """Those that were reached, then those to come."""
    reached: list[dict[str, object]] = []
    for step in run.steps:
        seconds = step_seconds(step)
        state = "done" if seconds is not None else ("now" if run.is_moving else "failed")
        reached.append({"label": step["label"], "state": state, "seconds": seconds})
    return reached + [
        {"label": label, "state": "later", "seconds": None}
        for label in list(STEPS.values())[len(reached) :]
    ]


@require_POST
@may("add_gascompany")
def run_again(request: CentralRequest, run_id: int) -> HttpResponse:
    get_object_or_404(ProvisioningRun, pk=run_id)
    try:
        run_retry(run_id=run_id)
    except NotRetried:
        messages.warning(request, _("Повторять нечего: эта попытка не закончилась ошибкой."))
    return redirect(run_address(run_id))
