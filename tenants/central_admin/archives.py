"""Files of archived companies, also of those that are deleted: checked, downloaded, restored."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.audit.services import audit_write
from portal.desk.access import DeskRequest, desk_action, desk_view
from portal.desk.pages import Button, desk_page
from portal.desk.questions import desk_ask
from portal.formats.dates import long_moment
from portal.formats.numbers import grouped
from portal.http.addresses import client_address
from tenants.archives.runs import archive_run_request
from tenants.archives.services import archive_file
from tenants.central_admin.companies import company_address
from tenants.models import ArchiveRun, CompanyArchive

REFRESH_SECONDS = 3
# A file has all that a company has: who may delete a company may hold it.
RIGHT = "tenants.delete_gascompany"


@desk_view("tenants.view_companyarchive", hidden=False)
def archives(request: DeskRequest) -> HttpResponse:
    """List the files of archived companies, newest first."""
    found = CompanyArchive.objects.select_related("company").prefetch_related("runs")
    may_delete = request.user.has_perm(RIGHT)
    context = {"archives": found, "may_delete": may_delete, "tab": "archives"}
    template = "tenants/central_admin/archives.html"
    return desk_page(request, template, context, title=_("Архивы компаний"), icon="download")


@desk_action(RIGHT, hidden=False)
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
        details={"company_id": archive.company_id},
    )
    return FileResponse(file.open("rb"), as_attachment=True, filename=file.name)


@desk_action(RIGHT, hidden=False)
def archive_check(request: DeskRequest, archive_id: int) -> HttpResponse:
    """Have a worker read the file back."""
    archive = get_object_or_404(CompanyArchive, pk=archive_id, state=CompanyArchive.State.DONE)
    return redirect(_run_address(_request(request, archive, ArchiveRun.Kind.CHECK)))


@desk_view(RIGHT, hidden=False)
def archive_restore(request: DeskRequest, archive_id: int) -> HttpResponse:
    archive = get_object_or_404(CompanyArchive, pk=archive_id, state=CompanyArchive.State.DONE)
    made: list[ArchiveRun] = []
    answer = desk_ask(
        request,
        lambda _data: made.append(_request(request, archive, ArchiveRun.Kind.RESTORE)),
        title=_("Восстановить компанию"),
        about=archive.company_name,
        says=[
            _("Компания появится такой, какой была %s, и\u00a0будет приостановлена.")
            % long_moment(archive.created_at),
            _("Её прежние адреса и\u00a0имя схемы должны быть свободны."),
        ],
        danger=_("Восстановить"),
        done=_("Восстановление началось."),
        back=reverse("company_archives"),
        refusal=_("Эта компания есть на\u00a0портале: восстанавливать нечего.")
        if archive.company
        else "",
        icon="undo",
    )
    return redirect(_run_address(made[0])) if made else answer


@desk_view("tenants.view_companyarchive", hidden=False)
def archive_run(request: DeskRequest, run_id: int) -> HttpResponse:
    """Show how the work with an archive goes; the page refreshes itself meanwhile."""
    run = get_object_or_404(ArchiveRun.objects.select_related("archive", "company"), pk=run_id)
    buttons = [
        Button(label=_("К\u00a0архивам"), url=reverse("company_archives"), style="button-secondary")
    ]
    if run.company:
        page = company_address(run.company.pk)
        buttons.insert(0, Button(label=_("Открыть компанию"), url=page))
    return desk_page(
        request,
        "tenants/central_admin/archive_run.html",
        {"run": run, "buttons": buttons, "facts": _facts(run)},
        title=str(run.get_kind_display()).capitalize(),
        icon="download",
        refresh=REFRESH_SECONDS if run.is_moving else None,
    )


def _facts(run: ArchiveRun) -> list[tuple[str, object]]:
    contents = run.archive.contents
    tables = contents.get("tables", {})
    facts: list[tuple[str, object]] = [
        (_("Архив"), run.archive),
        (_("Начал"), f"{run.requested_by or _('портал')}, {long_moment(run.created_at)}"),
        (_("Таблиц"), grouped(len(tables))),
        (_("Строк"), grouped(sum(tables.values()))),
        (_("Файлов"), grouped(contents.get("files", 0))),
        (_("Контрольная сумма"), run.archive.sha256),
    ]
    if run.finished_at:
        facts.append((_("Закончено"), long_moment(run.finished_at)))
    if run.left_out:
        said = _("Не\u00a0восстановлено привязок людей, которых здесь нет")
        facts.append((said, grouped(run.left_out)))
    return facts


def _request(request: DeskRequest, archive: CompanyArchive, kind: ArchiveRun.Kind) -> ArchiveRun:
    return archive_run_request(archive_id=archive.pk, kind=kind, actor=request.user.get_username())


def _run_address(run: ArchiveRun) -> str:
    return reverse("company_archive_run", args=[run.pk])
