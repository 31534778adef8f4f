"""«Обращения» (manual 1, 2.2.6.2): the history, one appeal with its answers, and what is said to them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cabinet.accounts.access import access_account
from cabinet.accounts.models import PersonalAccount
from cabinet.appeals.attachments import Attachments, attachments_of
from cabinet.appeals.centre.incidents import incidents_of
from cabinet.appeals.conversation import conversation_of, files_shown
from cabinet.appeals.exceptions import AppealOver
from cabinet.appeals.history.forms import AskForm, RateForm
from cabinet.appeals.history.selectors import (
    appeal_by,
    appeals_page,
    may_of,
)
from cabinet.appeals.history.steps import steps_of
from cabinet.appeals.kinds.forms import typed_in
from cabinet.appeals.lifecycle.by_subscriber import (
    appeal_ask,
    appeal_rate,
    appeal_read,
    appeal_withdraw,
)
from cabinet.appeals.limits import may_person_write
from cabinet.appeals.models import Appeal
from cabinet.subscribers.form_recovery import recovered_initial
from cabinet.subscribers.http import SubscriberRequest, is_looked_at, subscriber_required
from cabinet.subscribers.models import AccountLink
from portal.uploads.services import upload_response


@subscriber_required
def listed(request: SubscriberRequest, link_id: UUID) -> HttpResponse:
    """Show what this person has written about the account; another holder sees only his own."""
    access = access_account(request, link_id)
    page = appeals_page(request.subscriber.pk, request.GET.get("page"), access.account)
    context = {"access": access, "page": page, "incidents": incidents_of(access.account)}
    return render(request, "cabinet/appeals/history/list.html", context)


@subscriber_required
def mine(request: SubscriberRequest) -> HttpResponse:
    """Show all that this person has written to the company, of accounts that were unlinked too."""
    context = {"page": appeals_page(request.subscriber.pk, request.GET.get("page"))}
    return render(request, "cabinet/appeals/history/mine.html", context)


@subscriber_required
def appeal(request: SubscriberRequest, number: int) -> HttpResponse:
    """Show an appeal to its writer, who has read its answers then; by POST take a further question."""
    found = appeal_by(request.subscriber.pk, number)
    if request.method != "POST":
        if is_looked_at(request):
            appeal_read(appeal_pk=found.pk, subscriber_id=request.subscriber.pk)
        return _show(request, found)
    form = AskForm(request.POST)
    attachments = attachments_of(request, form.key, request.subscriber.pk)
    if "remove" in request.POST or "action" in request.POST:
        return _show(request, found, ask=AskForm(initial=typed_in(request.POST)), files=attachments)
    for error in attachments.errors:
        form.add_error(None, error)
    if form.is_valid() and _asked(request, found, form):
        messages.success(request, _("Мы получили ваше сообщение и ответим здесь же."))
        return redirect("appeals:appeal", number)
    return _show(request, found, ask=form, files=attachments)


@subscriber_required
def rate(request: SubscriberRequest, number: int) -> HttpResponse:
    """Take «решено» or «не решено» with a mark; what is not solved is in work again."""
    found = appeal_by(request.subscriber.pk, number)
    if request.method != "POST":
        return redirect("appeals:appeal", number)
    form = RateForm(request.POST)
    if not form.is_valid():
        return _show(request, found, rating=form)
    try:
        appeal_rate(
            appeal_pk=found.pk,
            subscriber_id=request.subscriber.pk,
            **form.cleaned_data,
        )
    except AppealOver:
        messages.warning(request, _("Оценить обращение можно, когда мы на него ответим."))
    else:
        reopened = _("Мы снова взялись за ваше обращение и ответим здесь же.")
        is_solved = form.cleaned_data["is_solved"]
        messages.success(request, _("Спасибо за оценку.") if is_solved else reopened)
    return redirect("appeals:appeal", number)


@subscriber_required
def withdraw(request: SubscriberRequest, number: int) -> HttpResponse:
    """Take an appeal back that is not answered yet."""
    found = appeal_by(request.subscriber.pk, number)
    if request.method == "POST":
        try:
            appeal_withdraw(appeal_pk=found.pk, subscriber_id=request.subscriber.pk)
        except AppealOver:
            messages.warning(request, _("Мы уже ответили, поэтому отозвать обращение нельзя."))
        else:
            messages.success(request, _("Вы отозвали обращение. Отвечать на него мы не будем."))
    return redirect("appeals:appeal", number)


@subscriber_required
def file(request: SubscriberRequest, number: int, pk: UUID) -> FileResponse:
    """Serve a file of an appeal to the appeal's writer."""
    found = files_shown(appeal_by(request.subscriber.pk, number)).filter(pk=pk).first()
    return upload_response(found, name=found.name if found else "")


def _asked(request: SubscriberRequest, found: Appeal, form: AskForm) -> bool:
    """Send a further question; False where the form says why not."""
    person = request.subscriber.pk
    if not may_person_write(person):
        form.add_error(None, _("Сегодня вы написали нам уже много. Отправьте это завтра."))
        return False
    try:
        appeal_ask(
            appeal_pk=found.pk,
            subscriber_id=person,
            text=form.cleaned_data["text"],
            form_key=form.cleaned_data["form_key"],
        )
    except AppealOver:
        form.add_error(None, _("Это обращение отозвано. Создайте новое."))
        return False
    return True


def _show(
    request: SubscriberRequest,
    found: Appeal,
    ask: AskForm | None = None,
    rating: RateForm | None = None,
    files: Attachments | None = None,
) -> HttpResponse:
    ask = ask or AskForm(initial=recovered_initial(request))
    context: dict[str, Any] = {
        "appeal": found,
        "entries": conversation_of(found, with_notes=False),
        "steps": steps_of(found),
        "link": _link_to(request, found.account),
        "may": may_of(found),
        "ask": ask,
        "attachments": files or attachments_of(request, ask.key, request.subscriber.pk),
        "rating": rating or RateForm(),
    }
    return render(request, "cabinet/appeals/history/appeal.html", context)


def _link_to(request: SubscriberRequest, account: PersonalAccount | None) -> AccountLink | None:
    """Return the person's own link to the account, as long as there is one."""
    if account is None:
        return None
    links = request.subscriber.account_links.in_force()
    own = links.filter(company=request.tenant, delegation=None, unconfirmed_since=None)
    return own.filter(account_number=account.account_number).first()
