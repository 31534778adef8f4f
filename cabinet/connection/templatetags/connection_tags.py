"""Filters of the pages of connection: `{% load connection_tags %}`."""

import json
from decimal import Decimal
from urllib.parse import urlsplit

from django import template

from cabinet.connection.answers import Step
from cabinet.connection.calculator import flow_shown
from cabinet.connection.form.equipment import MOST, BaseEquipmentForm
from cabinet.connection.form.steps import address_of
from cabinet.connection.models import ConnectionApplication

register = template.Library()


@register.filter
def flow(value: Decimal | str) -> str:
    """Format a flow: `2,8 м³/ч`."""
    return flow_shown(Decimal(value))


@register.filter
def is_over(value: Decimal | str, limit: Decimal) -> bool:
    """Return whether a flow is over the limit."""
    return Decimal(value) > limit


@register.filter
def has_room(form: BaseEquipmentForm) -> bool:
    """Return whether another row of equipment may be added."""
    return len(form.forms) < MOST


@register.filter
def type_flows(form: BaseEquipmentForm) -> str:
    """Return m³/h by kind of equipment, for the script that adds them up."""
    types = form.form_kwargs["types"]
    return json.dumps({str(one.pk): float(one.flow) for one in types if one.flow})


@register.filter
def site_name(address: str) -> str:
    """Return the host of an address, as people write it."""
    return urlsplit(address).netloc.removeprefix("www.") or address


@register.filter
def draft_address(draft: ConnectionApplication) -> str:
    """Return the address of the first step that was not opened yet; else of the review."""
    for step in (Step.APPLICANT, Step.OBJECT, Step.EQUIPMENT):
        if not draft.answers.get(step):
            return address_of(draft, step)
    return address_of(draft, Step.REVIEW)
