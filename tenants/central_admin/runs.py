"""Opening a company: the form, and the page that shows its steps."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.desk.access import DeskRequest, desk_action, desk_view
from portal.desk.pages import Button, desk_page
from portal.staff.models import StaffUser
from tenants.central_admin.companies import company_address
from tenants.central_admin.forms import CompanyForm, initial_of
from tenants.central_admin.regions import FIND, typed_while_searching
from tenants.models import ProvisioningRun
from tenants.runs.journal import step_seconds
from tenants.runs.services import NotRetried, run_request, run_retry
from tenants.services.provision import STEPS

REFRESH_SECONDS = 2


def run_address(run_id: int) -> str:
    return reverse("tenants_provisioningrun_modeladmin_inspect", args=[run_id])


@desk_view("tenants.add_gascompany", hidden=False)
def company_create(request: DeskRequest) -> HttpResponse:
    if FIND in request.POST:
        return _form_page(request, typed_while_searching(CompanyForm, request.POST))
    form = CompanyForm(request.POST or None, initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        run = run_request(arguments=form.arguments(), actor=request.user.get_username())
        return redirect(run_address(run.pk))
    return _form_page(request, form)


def _form_page(request: DeskRequest, form: Form) -> HttpResponse:
    template = "tenants/central_admin/create.html"
    return desk_page(request, template, {"form": form}, title=_("Новая компания"), icon="site")


def _initial(request: DeskRequest) -> dict[str, object] | None:
    number = request.GET.get("run", "")
    run = ProvisioningRun.objects.filter(pk=number).first() if number.isdecimal() else None
    return initial_of(run) if run else None


@desk_view("tenants.view_provisioningrun", hidden=False)
def run_show(request: DeskRequest, run_id: int) -> HttpResponse:
    """Show the steps of a run; the page refreshes itself while the run goes on."""
    run = get_object_or_404(ProvisioningRun.objects.select_related("company"), pk=run_id)
    return desk_page(
        request,
        "tenants/central_admin/run.html",
        {"run": run, "steps": _steps(run), "buttons": _buttons(run, request.user)},
        title=_("Создание компании"),
        icon="site",
        refresh=REFRESH_SECONDS if run.is_moving else None,
    )


def _buttons(run: ProvisioningRun, user: StaffUser) -> list[Button]:
    buttons = []
    if run.state == ProvisioningRun.State.FAILED and user.has_perm("tenants.add_gascompany"):
        again = reverse("provisioning_retry", args=[run.pk])
        mended = reverse("tenants_gascompany_modeladmin_create") + f"?run={run.pk}"
        buttons += [
            Button(label=_("Повторить"), url=again, post=True),
            Button(label=_("Исправить данные"), url=mended, style="button-secondary"),
        ]
    if run.company:
        buttons.append(Button(label=_("Открыть компанию"), url=company_address(run.company.pk)))
    companies = reverse("tenants_gascompany_modeladmin_index")
    return [
        *buttons,
        Button(label=_("К\u00a0списку компаний"), url=companies, style="button-secondary"),
    ]


def _steps(run: ProvisioningRun) -> list[dict[str, object]]:
    """Return the steps that were reached, then those to come."""
    reached: list[dict[str, object]] = []
    for step in run.steps:
        seconds = step_seconds(step)
        state = "done" if seconds is not None else ("now" if run.is_moving else "failed")
        reached.append({"label": step["label"], "state": state, "seconds": seconds})
    return reached + [
        {"label": label, "state": "later", "seconds": None}
        for label in list(STEPS.values())[len(reached) :]
    ]


@desk_action("tenants.add_gascompany", hidden=False)
def run_again(request: DeskRequest, run_id: int) -> HttpResponse:
    get_object_or_404(ProvisioningRun, pk=run_id)
    try:
        run_retry(run_id=run_id)
    except NotRetried:
        messages.warning(request, _("Повторять нечего: эта попытка не закончилась ошибкой."))
    return redirect(run_address(run_id))
