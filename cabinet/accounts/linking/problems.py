"""Why the wizard has not linked an account: noted in its draft by a POST, said by the page that follows."""

import time
from typing import Any

from cabinet.accounts.links.services import AccountClosed, OperatorNeeded
from cabinet.accounts.lookup import (
    AccountNotFound,
    LookupBlocked,
    LookupClient,
    assert_may_look_up,
)
from cabinet.accounts.proving import ProofNotOffered, ProofsSpent
from cms_pages.selectors import company_phone
from portal.limits import CountersDown
from tenants.models import GasCompany
from tenants.schemas import in_company

NOT_FOUND, OPERATOR = "not-found", "operator"
# Pages of their own, below the draft's address; everything else is said above the step.
PAGES = (NOT_FOUND, OPERATOR)
ERRORS = (
    AccountNotFound,
    AccountClosed,
    OperatorNeeded,
    ProofNotOffered,
    ProofsSpent,
    LookupBlocked,
    CountersDown,
)


def note(extra: dict[str, Any], error: Exception) -> str:
    """Store in a draft why nothing was linked. Returns the page that says so, or nothing for the step's."""
    problem: dict[str, Any] = {"kind": type(error).__name__}
    if isinstance(error, ProofsSpent | LookupBlocked):
        problem["until"] = time.time() + error.seconds
    extra["problem"] = problem
    if isinstance(error, AccountNotFound):
        return NOT_FOUND
    if isinstance(error, OperatorNeeded):
        problem["reason"] = error.reason
        return OPERATOR
    if isinstance(error, ProofNotOffered):
        extra["offered"] = [proof.code for proof in error.offered]
        return "" if error.offered else OPERATOR
    return ""


def context_of(
    extra: dict[str, Any], company: GasCompany | None, client: LookupClient
) -> dict[str, Any]:
    """Return what a page says of the last problem, with the telephone of the account's company."""
    problem = extra.get("problem", {})
    kind = problem.get("kind", "")
    context: dict[str, Any] = {"problem": kind, "reason": problem.get("reason", "")}
    left = round(problem.get("until", 0) - time.time())
    try:
        assert_may_look_up(client)
        if kind == LookupBlocked.__name__ and left > 0:
            raise LookupBlocked(left)
        context["counters_down"] = kind == CountersDown.__name__
    except LookupBlocked as blocked:
        context["blocked"] = blocked
    except CountersDown:
        context["counters_down"] = True
    if kind == ProofsSpent.__name__ and left > 0:
        context["refused"] = ProofsSpent(left)
    if company:
        with in_company(company):
            context["phone"] = context["call"] = company_phone()
    return context
