"""Suspend, archive, resume and delete a company."""

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from portal.desk.access import DeskRequest, View, desk_action, desk_view
from portal.desk.pages import desk_act, desk_page
from tenants.archives.services import archive_request
from tenants.central_admin.companies import company_address, who
from tenants.central_admin.forms import DeleteForm
from tenants.models import GasCompany
from tenants.services import (
    StatusRefused,
    company_archive,
    company_delete,
    company_resume,
    company_suspend,
)

INDEX = "tenants_gascompany_modeladmin_index"


def _status_view(service: Callable[..., GasCompany], said: str) -> View:
    @desk_action("tenants.change_gascompany", hidden=False)
    def view(request: DeskRequest, company_id: int) -> HttpResponse:
        return desk_act(
            request,
            lambda: service(company_id=company_id, **who(request)),
            done=said,
            refused=StatusRefused,
            back=company_address(company_id),
        )

    return view


suspend = _status_view(
    company_suspend,
    _("Компания приостановлена. Её сайт закрыт, платежи и обмен с биллингом продолжаются."),
)
archive = _status_view(
    company_archive, _("Компания уходит в архив. Файл готовится, это может занять несколько минут.")
)
resume = _status_view(company_resume, _("Компания снова работает."))


@desk_action("tenants.change_gascompany", hidden=False)
def archive_again(request: DeskRequest, company_id: int) -> HttpResponse:
    """Make another file of an archived company, for instance when the last one failed."""
    archived = GasCompany.objects.filter(status=GasCompany.Status.ARCHIVED)
    with transaction.atomic():
        company = get_object_or_404(archived.select_for_update(), pk=company_id)
        if not any(one.is_moving for one in company.archives.all()):
            archive_request(company=company, actor=request.user.get_username())
    return redirect(company_address(company_id))


@desk_view("tenants.delete_gascompany", hidden=False)
def delete(request: DeskRequest, company_id: int) -> HttpResponse:
    company = get_object_or_404(GasCompany, pk=company_id)
    form = DeleteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        typed = form.cleaned_data["typed_name"]
        try:
            company_delete(company_id=company.pk, typed_name=typed, **who(request))
        except StatusRefused as refused:
            form.add_error("typed_name", str(refused))
        else:
            messages.success(request, _("Компания «%s» удалена.") % company.name)
            return redirect(INDEX)
    refusal = _("Работающую компанию не\u00a0удаляют: сначала приостановите её.")
    context = {
        "form": form,
        "object": company,
        "danger": _("Удалить навсегда"),
        "back": company_address(company.pk),
        "back_label": _("Назад к\u00a0компании"),
        "refusal": refusal if company.status == GasCompany.Status.ACTIVE else "",
    }
    template = "tenants/central_admin/delete.html"
    return desk_page(request, template, context, title=_("Удаление компании"), icon="bin")
