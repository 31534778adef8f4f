"""What desks render: a page, an object's buttons and facts, the outcome of an action."""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise

from portal.audit.services import audit_write
from portal.desk.access import DeskRequest


@dataclass(frozen=True, kw_only=True)
class Button:
    """A link, or with `post` a form of one button. `style`: of Wagtail, "button-secondary" or "no"."""

    label: str | Promise
    url: str
    style: str = ""
    post: bool = False


def desk_page(
    request: DeskRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    title: str,
    icon: str,
    refresh: int | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a page of a desk under its title.

    The template extends `desk/base.html`, `desk/list.html` (context: `list`), `desk/object.html`
    (`buttons`, `facts`) or `desk/confirm.html`. With `refresh` the browser loads the page again after
    so many seconds, by a header: no script is needed.
    """
    content = {
        "page_title": title,
        "header_icon": icon,
        "refresh_seconds": refresh,
        **(context or {}),
    }
    response = render(request, template, content, status=status)
    if refresh:
        response.headers["Refresh"] = str(refresh)
    return response


def desk_act(
    request: DeskRequest,
    change: Callable[[], object],
    *,
    done: str | Promise,
    back: str,
    refused: type[Exception] | tuple[type[Exception], ...] = (),
    action: str = "",
    subject: object = "",
) -> HttpResponse:
    """Make a change and redirect to `back` with a message about its outcome.

    `refused` names the exceptions whose text becomes the message. `action` is a key of
    `portal.audit.actions`: its audit row is written in the change's transaction. Leave it out if
    the service of the change writes one itself.
    """
    try:
        with transaction.atomic() if action else nullcontext():
            change()
            if action:
                audit_write(actor=request.user, action=action, subject=subject)
    except refused as error:
        said = error.messages if isinstance(error, ValidationError) else [str(error)]
        messages.error(request, " ".join(said))
    else:
        messages.success(request, str(done))
    return redirect(back)
