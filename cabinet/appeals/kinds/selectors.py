"""The kinds of appeals that the company offers."""

from typing import Any

from cabinet.appeals.models import AppealKind


def kinds_offered() -> list[AppealKind]:
    """Return what a person may choose from, in the company's order."""
    return list(AppealKind.objects.filter(is_offered=True))


def kind_offered(pk: Any) -> AppealKind | None:
    """Return the kind of this number, as an address or a form has it; None where none is offered."""
    if not str(pk).isdecimal() or len(str(pk)) > 18:
        return None
    kind: AppealKind | None = AppealKind.objects.filter(is_offered=True, pk=int(pk)).first()
    return kind
