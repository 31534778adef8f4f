"""Answers that lead the payer's browser to the provider."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.conf import settings
from django.http import HttpResponseBase

_Response = TypeVar("_Response", bound=HttpResponseBase)
_View = TypeVar("_View", bound=Callable[..., Any])


def payment_page(view: _View) -> _View:
    """Let the forms of this page alone be answered by a redirect to the provider's pages."""

    @wraps(view)
    def page(*args: Any, **kwargs: Any) -> Any:
        return forms_lead_to(view(*args, **kwargs))

    return cast("_View", page)


def forms_lead_to(response: _Response, *hosts: str) -> _Response:
    """Let the page's forms be answered by a redirect to the provider's pages, or to these hosts."""
    allowed = (*getattr(response, "forms_lead_to", ()), *hosts)
    response.forms_lead_to = allowed  # type: ignore[attr-defined]
    # What django-csp's decorator sets: the hosts are known in the middle of the view.
    response._csp_update = {  # type: ignore[attr-defined]  # noqa: SLF001
        "form-action": [*settings.YOOKASSA_PAGES, *allowed]
    }
    return response
