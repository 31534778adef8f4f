from typing import Any

from django import template

from cabinet.accounts.applications.own import OwnApplication, applications_own

register = template.Library()


@register.simple_tag(takes_context=True)
def own_applications(context: Any) -> list[OwnApplication]:
    """Return the applications of the logged-in person to all companies."""
    return applications_own(context["request"].subscriber)
