"""Suspend, archive, resume a company, and propose to delete it: each asks before it does."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.desk.access import DeskRequest, desk_action, desk_view
from portal.desk.pages import desk_act
from portal.desk.questions import desk_ask
from portal.formats.dates import long_day
from tenants.archives.services import archive_request
from tenants.central_admin.companies import company_address, company_page, who
from tenants.central_admin.forms import DeleteForm, OpenForm, SuspendForm
from tenants.models import GasCompany, Proposal
from tenants.opening.services import company_open
from tenants.proposals.deletion import deletion_propose
from tenants.services import StatusRefused, company_archive, company_resume, company_suspend
from tenants.services.deletion import archive_of_now, deletion_obstacle

Status = GasCompany.Status
CHANGE = "tenants.change_gascompany"


@desk_view(CHANGE, hidden=False)
def suspend(request: DeskRequest, company_id: int) -> HttpResponse:
    company = get_object_or_404(GasCompany, pk=company_id)
    is_open = company.status in GasCompany.OPEN_TO_CHANGE

    def change(data: dict[str, Any]) -> None:
        company_suspend(company_id=company.pk, **{**data, **who(request)})

    return desk_ask(
        request,
        change,
        title=_("Приостановить компанию"),
        about=company.name,
        says=[
            _(
                "Сайт и личный кабинет закроются. Сотрудники компании смогут читать, но не\u00a0менять."
            ),
            _("Начатые платежи закончатся, обмен с\u00a0биллингом продолжится."),
            _(
                "Сайт не\u00a0откроется сам, даже если указать день: компанию возобновляет центральный офис."
            ),
        ],
        danger=_("Приостановить"),
        done=_("Компания приостановлена."),
        back=company_address(company.pk),
        refused=StatusRefused,
        form=SuspendForm,
        refusal="" if is_open else _("Приостановить можно только работающую компанию."),
    )


@desk_view(CHANGE, hidden=False)
def archive(request: DeskRequest, company_id: int) -> HttpResponse:
    company = get_object_or_404(GasCompany, pk=company_id)
    is_suspended = company.status == Status.SUSPENDED
    return desk_ask(
        request,
        lambda _data: company_archive(company_id=company.pk, **who(request)),
        title=_("Отправить компанию в\u00a0архив"),
        about=company.name,
        says=[
            _("Портал перестанет работать с\u00a0компанией: ни обмена, ни сообщений, ни задач."),
            _(
                "Всё, что у\u00a0неё есть, выгрузится в\u00a0один файл. Это может занять несколько минут."
            ),
            _("Вернуть её к\u00a0работе можно в\u00a0любой момент, пока она не\u00a0удалена."),
        ],
        danger=_("В\u00a0архив"),
        done=_("Компания уходит в\u00a0архив. Файл готовится."),
        back=company_address(company.pk),
        refused=StatusRefused,
        refusal="" if is_suspended else _("В\u00a0архив уходит только приостановленная компания."),
    )


@desk_action(CHANGE, hidden=False)
def resume(request: DeskRequest, company_id: int) -> HttpResponse:
    return desk_act(
        request,
        lambda: company_resume(company_id=company_id, **who(request)),
        done=_("Компания возобновлена."),
        refused=StatusRefused,
        back=company_address(company_id),
    )


@desk_action(CHANGE, hidden=False)
def open_site(request: DeskRequest, company_id: int) -> HttpResponse:
    """Open a company in preparation for its subscribers; what is missing needs a reason."""
    form = OpenForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        company_open(company_id=company_id, reason=reason, **who(request))
    except StatusRefused as refused:
        form.add_error("reason", str(refused))
        return company_page(request, company_id, open_form=form)
    messages.success(request, _("Сайт открыт для\u00a0жителей."))
    return redirect(company_address(company_id))


@desk_action(CHANGE, hidden=False)
def archive_again(request: DeskRequest, company_id: int) -> HttpResponse:
    """Make another file of an archived company, for instance when the last one failed."""
    archived = GasCompany.objects.filter(status=Status.ARCHIVED)
    with transaction.atomic():
        company = get_object_or_404(archived.select_for_update(), pk=company_id)
        if not any(one.is_moving for one in company.archives.all()):
            archive_request(company=company, actor=request.user.get_username())
    return redirect(company_address(company_id))


@desk_view("tenants.delete_gascompany", hidden=False)
def delete(request: DeskRequest, company_id: int) -> HttpResponse:
    """Offer the deletion to another admin: it is confirmed after the days of waiting."""
    company = get_object_or_404(GasCompany, pk=company_id)
    made: list[Proposal] = []

    def change(data: dict[str, Any]) -> None:
        made.append(deletion_propose(company_id=company.pk, **data, actor=request.user))

    answer = desk_ask(
        request,
        change,
        title=_("Удаление компании"),
        about=company.name,
        says=[*_what_goes(company), *_what_comes()],
        danger=_("Предложить удаление"),
        done=_("Удаление предложено. Отозвать его можно в\u00a0любой момент."),
        back=company_address(company.pk),
        refused=StatusRefused,
        form=DeleteForm,
        refusal=deletion_obstacle(company),
        icon="bin",
    )
    return redirect(reverse("proposal", args=[made[0].pk])) if made else answer


def _what_goes(company: GasCompany) -> list[str]:
    said = [
        _("Будут удалены сайт, лицевые счета, показания, сотрудники и\u00a0файлы компании."),
    ]
    if archive := archive_of_now(company):
        said.append(
            _(
                "Останется архив от\u00a0%s: он проверен, и\u00a0из него компанию можно восстановить."
            )
            % long_day(archive.created_at)
        )
    return said


def _what_comes() -> list[str]:
    days = settings.DELETION_WAITS_DAYS
    waits = ngettext("%d день", "%d дней", days) % days
    return [
        _(
            "Сейчас ничего не\u00a0удалится: через %s удаление подтверждает другой центральный "
            "администратор."
        )
        % waits
    ]
