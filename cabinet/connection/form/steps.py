"""Where the steps are, and the line of them above each."""

from typing import Any

from django.urls import reverse

from cabinet.connection.answers import Step
from cabinet.connection.models import ConnectionApplication


def address_of(draft: ConnectionApplication, name: Step) -> str:
    """Return the address of a step of a draft."""
    if name in (Step.PAPERS, Step.REVIEW):
        return reverse(f"connection:{name}", args=[draft.key])
    return reverse("connection:step", args=[draft.key, name])


def steps_context(draft: ConnectionApplication | None, here: Step) -> dict[str, Any]:
    """Return what a step's page shows around its form; without a draft no other step is open."""
    steps = [
        {"label": one.label, "url": address_of(draft, one) if draft else "", "is_here": one == here}
        for one in Step
    ]
    number = list(Step).index(here) + 1
    return {"draft": draft, "step": here, "steps": steps, "number": number}
