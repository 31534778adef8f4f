"""Answers that lead the payer's browser to the provider."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from csp.decorators import csp_update
from django.conf import settings

_View = TypeVar("_View", bound=Callable[..., Any])


def payment_page(view: _View) -> _View:
    """Let the forms of this page alone be answered by a redirect to the provider's pages."""

    @wraps(view)
    def page(*args: Any, **kwargs: Any) -> Any:
        return csp_update({"form-action": list(settings.YOOKASSA_PAGES)})(view)(*args, **kwargs)

    return cast("_View", page)
