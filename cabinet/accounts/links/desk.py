"""The operators' queue of disputed links in the admin: ending a wrong link, the answer."""

from collections.abc import Iterator
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Case, F, IntegerField, Q, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.accounts.forms import LetterField
from cabinet.accounts.links.disputes import DisputeClosed, dispute_close
from cabinet.accounts.links.ending import CompanyClosed, LinkHeld, link_end_by_operator
from cabinet.accounts.links.holders import links_shown, person_masked
from cabinet.accounts.models import LinkDispute, PersonalAccount
from cabinet.subscribers.models import AccountLink, Subscriber
from portal.desk.access import DeskRequest, desk_view
from portal.desk.lists import DeskList, Filter, Rows, columns
from portal.desk.pages import desk_page
from portal.formats.dates import long_moment
from portal.formats.text import account_keys
from portal.staff.admin_home_items import Action
from tenants.selectors import company_entered

DECIDE = "accounts.decide_linkdispute"
_ICON = "warning"


def disputes_open() -> Rows:
    """Return the disputes that wait for an answer, oldest first."""
    return LinkDispute.objects.filter(closed_at=None).order_by("created_at", "pk")


_COLUMNS = columns(
    gettext_lazy("Лицевой счёт"),
    gettext_lazy("Кто оспаривает"),
    gettext_lazy("Что пишет"),
    gettext_lazy("Получено"),
    gettext_lazy("Состояние"),
)
_FILTERS = [
    Filter(
        name="state",
        label=gettext_lazy("состояние"),
        choices=[("open", gettext_lazy("ждёт ответа")), ("closed", gettext_lazy("закрыто"))],
        narrow=lambda rows, value: rows.filter(closed_at__isnull=value == "open"),
    )
]


def _found(typed: str) -> Q:
    numbers = PersonalAccount.objects.filter(number_key__in=account_keys(typed))
    return Q(account_number=typed) | Q(account_number__in=numbers.values("account_number"))


@desk_view(DECIDE)
def dispute_list(request: DeskRequest) -> HttpResponse:
    """List the disputes: those that wait first, the oldest at the top."""
    is_open = Q(closed_at=None)
    rows = LinkDispute.objects.order_by(
        Case(When(is_open, then=0), default=1, output_field=IntegerField()),
        Case(When(is_open, then=F("created_at"))),
        F("closed_at").desc(),
        "pk",
    )
    shown = DeskList(request, rows, columns=_COLUMNS, filters=_FILTERS, search=_found, per_page=50)
    people = Subscriber.objects.in_bulk({one.subscriber_id for one in shown.page})
    for one in shown.page:
        one.contact = person_masked(people.get(one.subscriber_id))
    context = {"list": shown, "is_cards": True, "waiting": disputes_open().count()}
    template = "cabinet/accounts/desk/disputes.html"
    return desk_page(request, template, context, title=_("Спорные привязки"), icon=_ICON)


class CloseForm(forms.Form):
    answer = LetterField(
        label=gettext_lazy("Ответ"),
        help_text=gettext_lazy(
            "Абонент прочитает его в письме. Не называйте имён и адресов других людей."
        ),
        max_length=1000,
        error_messages={"required": gettext_lazy("Напишите ответ: абонент его ждёт.")},
    )


class EndForm(forms.Form):
    reason = LetterField(
        label=gettext_lazy("Почему отвязываем"),
        help_text=gettext_lazy("Этот человек прочитает причину в письме."),
        max_length=500,
        error_messages={"required": gettext_lazy("Напишите причину: её прочитают в письме.")},
    )


@desk_view(DECIDE)
def dispute_show(request: DeskRequest, pk: int) -> HttpResponse:
    """Show a dispute with all links of its account; an answer closes it."""
    dispute = get_object_or_404(LinkDispute, pk=pk)
    form = CloseForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            dispute_close(
                dispute=dispute,
                company=company_entered(),
                operator=request.user,
                answer=form.cleaned_data["answer"],
            )
        except DisputeClosed:
            dispute.refresh_from_db()
            messages.error(request, closing_said(dispute))
            return redirect("link_dispute", dispute.pk)
        messages.success(request, _("Обращение закрыто. Абонент получит ваш ответ."))
        return redirect("link_disputes")
    context = {
        "dispute": dispute,
        "form": form,
        "closed": closing_said(dispute) if dispute.closed_at else "",
        "contact": person_masked(Subscriber.objects.filter(pk=dispute.subscriber_id).first()),
        "links": links_shown(company_entered(), dispute.account_number),
        "account": PersonalAccount.objects.filter(account_number=dispute.account_number).first(),
        "beside": LinkDispute.objects.filter(account_number=dispute.account_number)
        .exclude(pk=dispute.pk)
        .order_by("-created_at")[:20],
    }
    title = _("Спорная привязка счёта %(number)s") % {"number": dispute.account_number}
    return desk_page(
        request, "cabinet/accounts/desk/dispute.html", context, title=title, icon=_ICON
    )


@desk_view(DECIDE)
def dispute_end_link(request: DeskRequest, pk: int, link_id: UUID) -> HttpResponse:
    """Ask for the reason, then end one link of the disputed account."""
    dispute = get_object_or_404(LinkDispute, pk=pk)
    links = links_shown(company_entered(), dispute.account_number)
    shown = next((one for one in links if one.link.pk == link_id), None)
    if shown is None:
        messages.info(request, _("Этой привязки больше нет."))
        return redirect("link_dispute", dispute.pk)
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        reason = form.cleaned_data["reason"]
        link_ended_by(request, shown.link, reason, _("Теперь ответьте на обращение."))
        return redirect("link_dispute", dispute.pk)
    context = {
        "dispute": dispute,
        "shown": shown,
        "form": form,
        "danger": _("Отвязать"),
        "is_own": shown.link.subscriber_id == dispute.subscriber_id,
        "back": reverse("link_dispute", args=[dispute.pk]),
    }
    title = _("Отвязать лицевой счёт %(number)s") % {"number": dispute.account_number}
    return desk_page(
        request, "cabinet/accounts/desk/end_link.html", context, title=title, icon=_ICON
    )


def link_ended_by(
    request: DeskRequest, link: AccountLink, reason: str, next_step: str = ""
) -> None:
    """End a wrong link, and leave a message about the outcome; `next_step` is said after it."""
    try:
        ended = link_end_by_operator(link=link, operator=request.user, reason=reason)
    except LinkHeld as error:
        messages.error(request, error.text)
    except CompanyClosed:
        messages.error(request, _("Сейчас портал компании закрыт. Попробуйте позже."))
    else:
        done = _("Счёт отвязан. Человек получит письмо с причиной.")
        gone = _("Этой привязки больше нет.")
        messages.success(request, f"{done} {next_step}".strip() if ended else gone)


def dispute_home_items(request: HttpRequest) -> Iterator[Action]:
    if request.user.has_perm(DECIDE):
        yield Action(
            title=_("Спорные привязки"),
            url=reverse("link_disputes"),
            icon=_ICON,
            waiting=disputes_open().count(),
        )


def closing_said(dispute: LinkDispute) -> str:
    """Return who has closed a dispute, and when."""
    words = {"who": dispute.closed_by, "when": long_moment(dispute.closed_at)}
    return _("Обращение закрыл %(who)s, %(when)s.") % words
