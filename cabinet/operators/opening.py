"""Opening an account: who may, for which reason, for how long."""

import datetime
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cabinet.accounts.models import PersonalAccount
from cabinet.accounts.selectors import billing_snapshot
from cabinet.operators.forms import ReasonForm
from portal.audit.services import audit_write
from portal.desk.access import DeskRequest, company_only, desk_view
from portal.desk.pages import desk_page

SERVE = "accounts.serve_account"
OPEN_FOR = datetime.timedelta(minutes=30)
ICON = "user"
_SESSION = "accounts_open"  # of the staff session: the end of each opening by the account's key

Reader = Callable[[DeskRequest, PersonalAccount], dict[str, Any]]


@transaction.atomic
def account_open(*, request: DeskRequest, account: PersonalAccount, reason: str) -> None:
    """Log who opens the account and why, and let this session see it for half an hour."""
    audit_write(
        actor=request.user,
        action="account.open",
        subject=account.account_number,
        details={"reason": reason},
    )
    now = timezone.now()
    known = request.session.get(_SESSION, {})
    valid = {pk: end for pk, end in known.items() if end > now.timestamp()}
    request.session[_SESSION] = {**valid, str(account.pk): (now + OPEN_FOR).timestamp()}


def open_until(request: DeskRequest, account: PersonalAccount) -> datetime.datetime | None:
    """Return until when this session may see the account; None where a reason is asked for first."""
    end = request.session.get(_SESSION, {}).get(str(account.pk), 0)
    if end <= timezone.now().timestamp():
        return None
    return datetime.datetime.fromtimestamp(end, datetime.UTC)


def reason_page(
    request: DeskRequest,
    account: PersonalAccount,
    form: ReasonForm,
    carried: dict[str, Any] | None = None,
) -> HttpResponse:
    """Ask why the account is opened; `carried`: what was typed on a page whose time is over."""
    context = {"account": account, "form": form, "carried": carried or {}}
    title = str(_("Лицевой счёт %s")) % account
    return desk_page(request, "operators/reason.html", context, title=title, icon=ICON)


def account_page(tab: str) -> Callable[[Reader], Callable[..., HttpResponse]]:
    """Show what `read` returns of an opened account, all of it of one state of the database.

    Rendered outside of the snapshot: Wagtail's frame may write.
    """

    def decorate(read: Reader) -> Callable[..., HttpResponse]:
        @company_only
        @desk_view(SERVE)
        @wraps(read)
        def view(request: DeskRequest, pk: int) -> HttpResponse:
            with billing_snapshot():
                account = get_object_or_404(PersonalAccount, pk=pk)
                is_open = open_until(request, account) is not None
                context = read(request, account) if is_open else {}
            if not is_open:
                return reason_page(request, account, ReasonForm())
            return show(request, account, tab, context)

        return view  # type: ignore[return-value]

    return decorate


def show(
    request: DeskRequest, account: PersonalAccount, tab: str, context: dict[str, Any]
) -> HttpResponse:
    """Render a tab of an account's page."""
    shown = {"account": account, "tab": tab, "open_until": open_until(request, account), **context}
    title = str(_("Лицевой счёт %s")) % account
    return desk_page(request, f"operators/{tab}.html", shown, title=title, icon=ICON)
