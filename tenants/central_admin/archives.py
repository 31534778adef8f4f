"""Files of archived companies, also of those that are deleted."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from portal.audit.services import audit_write
from portal.desk.access import DeskRequest, desk_action, desk_view
from portal.desk.pages import desk_page
from portal.http.addresses import client_address
from tenants.archives.services import archive_file
from tenants.models import CompanyArchive


@desk_view("tenants.delete_gascompany", hidden=False)
def archives(request: DeskRequest) -> HttpResponse:
    """List the files of archived companies, newest first."""
    context = {"archives": CompanyArchive.objects.select_related("company")}
    template = "tenants/central_admin/archives.html"
    return desk_page(request, template, context, title=_("Архивы компаний"), icon="download")


@desk_action("tenants.delete_gascompany", hidden=False)
def archive_download(request: DeskRequest, archive_id: int) -> HttpResponseBase:
    """Send the file of an archive and log it: all that the company has leaves the portal."""
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
