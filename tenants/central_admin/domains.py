"""The hosts of a company, on its page."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from portal.desk.access import DeskRequest, desk_action, desk_view
from portal.desk.pages import desk_act
from portal.desk.questions import desk_ask
from tenants.central_admin.companies import company_address, company_page, who
from tenants.central_admin.forms import DomainForm
from tenants.hosts.services import host_check_request
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
def check_domain(request: DeskRequest, company_id: int, domain_id: int) -> HttpResponse:
    host = get_object_or_404(Domain, pk=domain_id, tenant_id=company_id)
    return desk_act(
        request,
        lambda: host_check_request(domain_id=host.pk),
        done=_("Проверяем %s: это займёт несколько секунд.") % host,
        back=company_address(company_id),
    )


@desk_view("tenants.change_gascompany", hidden=False)
def remove_domain(request: DeskRequest, company_id: int, domain_id: int) -> HttpResponse:
    host = get_object_or_404(Domain, pk=domain_id, tenant_id=company_id)
    return desk_ask(
        request,
        lambda _data: domain_remove(host=host, **who(request)),
        title=_("Удалить адрес сайта"),
        about=host,
        says=[
            _(
                "По\u00a0этому адресу сайт больше не\u00a0откроется: ссылки в\u00a0письмах, закладках "
                "и\u00a0квитанциях перестанут работать."
            ),
            _("Адрес сможет занять другая компания."),
        ],
        danger=_("Удалить адрес"),
        done=_("Адрес %s удалён.") % host,
        refused=ValidationError,
        back=company_address(company_id),
    )
