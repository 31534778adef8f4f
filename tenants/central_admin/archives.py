"""Files of archived companies, also of those that are deleted."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.addresses import client_address
from portal.audit.services import audit_write
from tenants.archives.services import archive_file
from tenants.central_admin.access import CentralRequest, may
from tenants.models import CompanyArchive


@may("delete_gascompany")
def archives(request: CentralRequest) -> HttpResponse:
    context = {
        "page_title": _("Архивы компаний"),
        "header_icon": "download",
        "archives": CompanyArchive.objects.select_related("company"),
    }
    return render(request, "tenants/central_admin/archives.html", context)


@require_POST
@may("delete_gascompany")
def archive_download(request: CentralRequest, archive_id: int) -> HttpResponseBase:
    """All that a company has leaves the portal: for whoever may delete one, and it is logged."""
    archive = get_object_or_404(CompanyArchive, pk=archive_id)
    try:
        file = archive_file(archive)
    except FileNotFoundError:
        messages.error(request, _("Файла больше нет на диске. Выгрузите компанию ещё раз."))
        return redirect("company_archives")
    audit_write(
        actor=request.user,
        action="company.archive_downloaded",
        subject=file.name,
        address=client_address(request),
    )
    return FileResponse(file.open("rb"), as_attachment=True, filename=file.name)
