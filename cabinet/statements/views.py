"""«Выписка» of an account (manual 2, 3.4.2)."""

from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import render

from cabinet.accounts.access import AccountAccess, Right, access_account
from cabinet.accounts.selectors import billing_snapshot
from cabinet.billing.as_of import charges_as_of
from cabinet.billing.selectors import account_periods
from cabinet.statements.certificates.services import certificates_of
from cabinet.statements.files import statement_content
from cabinet.statements.forms import StatementForm
from cabinet.statements.statement import Mode, Statement, statement_of
from cabinet.subscribers.http import SubscriberRequest, subscriber_required
from portal.formats.tables import file_response


@subscriber_required
def statement(request: SubscriberRequest, link_id: UUID) -> HttpResponse:
    """Show the months that are asked for, by the last twelve at first."""
    with billing_snapshot():
        access = access_account(request, link_id, Right.READ)
        form, found = _asked(request, access)
        context: dict[str, Any] = {
            "access": access,
            "form": form,
            "statement": found,
            "has_charges": bool(form.periods),
            "as_of": charges_as_of(),
            "idempotency_key": uuid4(),
            "certificates": [] if access.is_delegate else list(certificates_of(access)),
        }
        return render(request, "cabinet/statements/statement.html", context)


@subscriber_required
def statement_file(request: SubscriberRequest, link_id: UUID, ending: str) -> HttpResponse:
    """Serve what the page shows as `csv` or `xlsx`."""
    with billing_snapshot():
        access = access_account(request, link_id, Right.READ)
        found = _asked(request, access)[1]
    if ending not in ("csv", "xlsx") or found is None:
        raise Http404
    number = access.account.account_number
    return file_response(statement_content(found, ending), f"vypiska-{number}.{ending}")


def _asked(
    request: SubscriberRequest, access: AccountAccess
) -> tuple[StatementForm, Statement | None]:
    """Return the form and what it asks for, None where that makes no sense."""
    form = StatementForm(request.GET, account_periods(access.account))
    if not form.is_valid():
        return form, None
    asked = form.cleaned_data
    return form, statement_of(
        access.account,
        debt=asked["debt"],
        mode=Mode(asked["mode"]),
        since=asked["since"],
        until=asked["until"],
    )
