"""Parts about appeals for templates of lower apps too: `{% load appeal_tags %}`."""

from typing import Any

from django import template

from cabinet.accounts.selectors import way_to_write
from cabinet.appeals.history import steps

register = template.Library()
register.filter("awaits_said", steps.awaits_said)


@register.inclusion_tag("cabinet/appeals/write_button.html", takes_context=True)
def write_button(
    context: template.RequestContext,
    source: str = "",
    about: object = "",
    css: str = "btn btn-outline-primary",
) -> dict[str, Any]:
    """Show «Создать обращение» for the account of the page; what the page is about goes along.

    `source`: information, readings, payment or bill; `about`: the payment's number, the bill's month.
    """
    access = context["access"]
    return {"way": way_to_write(context["request"], access.link, source, str(about)), "css": css}
