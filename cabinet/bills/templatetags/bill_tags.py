"""Tags of a bill's page: `{% load bill_tags %}`."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cms_pages.brand.requisites import CompanyRequisites

register = template.Library()


@register.simple_tag(takes_context=True)
def slot(context: Any, name: str, style: str = "", *parts: Any) -> SafeString:
    """Write a variable text, alone in an element: its place can be filled later.

    `{}` in `name` stands for `parts`; `style` is classes. With `blank` in the context the element is empty,
    keeps its height, and has an id by which its place is found.
    """
    key = name.format(*parts)
    if context.get("blank"):
        return format_html('<span class="slot {}" id="slot-{}">\u00a0</span>', style, key)
    return format_html('<span class="slot {}">{}</span>', style, context["sheet"].texts[key])


@register.filter
def numbers(count: int) -> range:
    """Return the numbers below a count, to repeat something."""
    return range(count)


@register.simple_tag
def bills_have_code() -> bool:
    """Return whether the company's requisites are complete, so that its bills can be paid by a code."""
    requisites = CompanyRequisites.objects.filter(site__is_default_site=True).first()
    return requisites is not None and requisites.is_complete
