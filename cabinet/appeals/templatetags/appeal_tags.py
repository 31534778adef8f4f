"""Parts about appeals for templates of lower apps too: `{% load appeal_tags %}`."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from cabinet.accounts.selectors import WayToWrite, appeal_address, way_to_write
from cabinet.appeals.centre.incidents import IncidentNotice, notices_of
from cabinet.appeals.centre.responsible import who_answers
from cabinet.appeals.history import steps
from cabinet.appeals.kinds.selectors import kinds_offered
from cabinet.appeals.page.drafts import drafts_of
from cms_pages.notices import Notice

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
    link = context["access"].link
    appeal = appeal_address(link, source, str(about))
    way = WayToWrite(appeal, _("Создать обращение")) if appeal else None
    return {"way": way or way_to_write(context["request"], link), "css": css}


@register.simple_tag(takes_context=True)
def notices_here(context: template.RequestContext) -> list[Notice]:
    """Return the urgent notices for the top of the page.

    On the page of an account, or of an appeal about one, without accidents elsewhere; without any, where the
    page itself has `incidents`.
    """
    page_of = context.get("access") or context.get("appeal")
    account = page_of.account if page_of else None
    notices = notices_of(account) if account else context.get("urgent_notices") or []
    if "incidents" in context:
        return [one for one in notices if not isinstance(one, IncidentNotice)]
    return list(notices)


@register.inclusion_tag("cabinet/appeals/page/start.html", takes_context=True)
def appeal_start(context: template.RequestContext) -> dict[str, Any]:
    """Show the choice of a kind, with what the person has begun to write and not sent. Two queries."""
    access = context["access"]
    return {
        "access": access,
        "kinds": kinds_offered(),
        "drafts": drafts_of(access.link.subscriber_id, access.account),
        "csrf_token": context["csrf_token"],
    }


@register.inclusion_tag("cabinet/appeals/centre/router.html", takes_context=True)
def router(context: template.RequestContext) -> dict[str, Any]:
    """Show who answers for what at the account's address, before a person writes; of a fund's, nothing.

    A query or two.
    """
    is_gas = context["request"].tenant.is_gas
    return {"topics": who_answers(context["access"].account) if is_gas else []}
