"""The staff's page of a month's files: how far they are, whose bills went wrong, and «Повторить»."""

import datetime

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.bills.addresses import month_or_404
from cabinet.bills.many.progress import RunProgress, run_progress
from cabinet.bills.many.runs import problems_retry
from cabinet.bills.models import BillProblem, BillRun
from cabinet.subscriptions.mailings.desk import ICON, RUN, STOP
from portal.desk.access import DeskRequest, company_only, desk_action, desk_view
from portal.desk.lists import Column, DeskList
from portal.desk.pages import Button, desk_act, desk_page
from portal.formats.dates import long_moment, month_name
from portal.formats.numbers import grouped
from portal.formats.words import duration

_REFRESH_SECONDS = 5
_MINUTE = datetime.timedelta(minutes=1)
_COLUMNS = [
    Column(label=gettext_lazy("Лицевой счёт")),
    Column(label=gettext_lazy("Ошибка")),
    Column(label=gettext_lazy("Когда")),
]


@company_only
@desk_view(STOP)
def bill_run_show(request: DeskRequest, month: str) -> HttpResponse:
    """Show a month's run; whose bills went wrong only to who may do something about it."""
    run = get_object_or_404(BillRun, month=month_or_404(month))
    progress = run_progress(run)
    may_run = request.user.has_perm(RUN)
    rows = BillProblem.objects.filter(run=run).select_related("account").order_by("account", "pk")
    buttons = []
    if may_run and run.finished_at and (progress.problems or progress.failed_parts):
        retry = reverse("bill_run_retry", args=[month])
        buttons.append(Button(label=_("Повторить"), url=retry, post=True))
    context = {
        "facts": _facts(run, progress),
        "buttons": buttons,
        "list": DeskList(request, rows if may_run else rows.none(), columns=_COLUMNS),
        "progress": progress,
        "may_run": may_run,
    }
    return desk_page(
        request,
        "cabinet/bills/desk/run.html",
        context,
        title=_title(run),
        icon=ICON,
        refresh=None if run.finished_at else _REFRESH_SECONDS,
    )


@company_only
@desk_action(RUN)
def bill_run_retry(request: DeskRequest, month: str) -> HttpResponse:
    run = get_object_or_404(BillRun, month=month_or_404(month))
    return desk_act(
        request,
        lambda: problems_retry(run.pk),
        done=_("Готовим эти квитанции ещё раз. Тем, кому уже написали, второй раз не напишем."),
        back=reverse("bill_run", args=[month]),
        action="bills.retry",
        subject=_title(run),
    )


def _title(run: BillRun) -> str:
    return _("Файлы квитанций за %(month)s") % {"month": month_name(run.month)}


def _facts(run: BillRun, progress: RunProgress) -> list[tuple[str, str]]:
    facts = [
        (_("Состояние"), _("готовы") if run.finished_at else _("готовятся")),
        (_("Начисления"), _("на %(moment)s") % {"moment": long_moment(run.as_of)}),
        (_("Начаты"), long_moment(run.started_at)),
        (_("Кто начал"), run.started_by or _("портал")),
        (
            _("Лицевых счетов"),
            _("%(done)s из %(all)s, %(percent)s\u00a0%%")
            % {
                "done": grouped(progress.accounts_done),
                "all": grouped(progress.accounts),
                "percent": progress.percent,
            },
        ),
        (_("Квитанций подготовлено"), grouped(progress.rendered)),
        (_("Были готовы раньше"), grouped(progress.unchanged)),
        (_("Не удалось подготовить"), grouped(progress.problems)),
    ]
    if run.finished_at:
        facts.append((_("Закончены"), long_moment(run.finished_at)))
    elif progress.seconds_left is not None:
        left = datetime.timedelta(seconds=progress.seconds_left)
        said = duration(left) if left >= _MINUTE else _("меньше минуты")
        facts.append((_("Осталось примерно"), said))
    if progress.failed_parts:
        facts.append((_("Частей с ошибкой"), grouped(progress.failed_parts)))
    return facts
