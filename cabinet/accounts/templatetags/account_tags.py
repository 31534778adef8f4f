"""What the page «Управление» lists, of who is logged in and over all companies."""

from typing import Any

from django import template

from cabinet.accounts.applications.own import OwnApplication, applications_own
from cabinet.accounts.delegates.selectors import WaitingInvitation, invitations_waiting_for
from cabinet.accounts.links.listed import ListedLink, links_listed

register = template.Library()


@register.simple_tag(takes_context=True)
def linked_accounts(context: Any) -> list[ListedLink]:
    return links_listed(context["request"].subscriber, context["request"].tenant)


@register.simple_tag(takes_context=True)
def own_applications(context: Any) -> list[OwnApplication]:
    return applications_own(context["request"].subscriber)


@register.simple_tag(takes_context=True)
def invitations_waiting(context: Any) -> list[WaitingInvitation]:
    return invitations_waiting_for(context["request"].subscriber)
