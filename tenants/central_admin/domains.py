"""The hosts of a company, on its page."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from portal.desk.access import DeskRequest, desk_action
from portal.desk.pages import desk_act
from tenants.central_admin.companies import company_address, company_page, who
from tenants.central_admin.forms import DomainForm
from tenants.models import Domain, GasCompany
from tenants.services import domain_add, domain_make_primary, domain_remove


@desk_action("tenants.change_gascompany", hidden=False)
def add_domain(request: DeskRequest, company_id: int) -> HttpResponse:
    company = get_object_or_404(GasCompany, pk=company_id)
    form = DomainForm(request.POST)
    if form.is_valid():
        try:
            host = domain_add(company=company, domain=form.cleaned_data["domain"], **who(request))
        except ValidationError as error:
            form.add_error("domain", error.messages)
        else:
            messages.success(request, _("Адрес %s добавлен.") % host)
            return redirect(company_address(company_id))
    return company_page(request, company_id, form)


@desk_action("tenants.change_gascompany", hidden=False)
def primary_domain(request: DeskRequest, company_id: int, domain_id: int) -> HttpResponse:
    host = get_object_or_404(Domain, pk=domain_id, tenant_id=company_id)
    return desk_act(
        request,
        lambda: domain_make_primary(host=host, **who(request)),
        done=_("Основной адрес теперь %s.") % host,
        back=company_address(company_id),
    )


@desk_action("tenants.change_gascompany", hidden=False)
def remove_domain(request: DeskRequest, company_id: int, domain_id: int) -> HttpResponse:
    host = get_object_or_404(Domain, pk=domain_id, tenant_id=company_id)
    return desk_act(
        request,
        lambda: domain_remove(host=host, **who(request)),
        done=_("Адрес %s удалён.") % host,
        refused=ValidationError,
        back=company_address(company_id),
    )
