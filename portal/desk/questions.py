"""Questions before what is hard to take back: a page that says what happens, and an answer from it.

A destructive button is a link to such a page. GET changes nothing, and neither does a POST that does
not come from the page.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise

from portal.desk.access import DeskRequest
from portal.desk.pages import desk_page

Said = str | Promise


def is_answered(request: DeskRequest) -> bool:
    """Tell whether the request is the answer «yes» of a question's page."""
    return request.method == "POST" and request.POST.get("answer") == "yes"


def desk_ask(
    request: DeskRequest,
    change: Callable[[dict[str, Any]], object],
    *,
    title: Said,
    about: object,
    says: Sequence[Said],
    danger: Said,
    done: Said,
    back: str,
    after: str = "",
    refused: type[Exception] | tuple[type[Exception], ...] = (),
    form: Callable[..., forms.Form] | None = None,
    refusal: Said = "",
    keep: Said = "",
    icon: str = "warning",
) -> HttpResponse:
    """Ask, and when the page answers make the change and go back.

    `about` names whom or what it is about, `says` what will happen, in sentences; `danger` is the label
    of the button. `change` gets the form's cleaned data, empty without a form. `refused` names the
    exceptions whose text is shown: beside the form, if there is one, with all that was typed. With
    `refusal` the page says why it cannot be done, and asks nothing. `after` is where to go when done, if
    not back, `keep` other words for «Отмена», where the danger is to cancel something.
    """
    answered = is_answered(request) and not refusal
    filled = form(request.POST if answered else None) if form else None
    if answered and (filled is None or filled.is_valid()):
        try:
            change(filled.cleaned_data if filled else {})
        except refused as error:
            said = error.messages if isinstance(error, ValidationError) else [str(error)]
            if filled is None:
                messages.error(request, " ".join(said))
                return redirect(back)
            filled.add_error(None, said)
        else:
            messages.success(request, str(done))
            return redirect(after or back)
    context = {
        "about": about,
        "says": says,
        "form": filled,
        "danger": danger,
        "back": back,
        "refusal": refusal,
        "keep_label": keep,
    }
    return desk_page(request, "desk/confirm.html", context, title=str(title), icon=icon)
