from django import template

from cabinet.accounts.delegates.selectors import WaitingInvitation, invitations_waiting_for
from cabinet.subscribers.http import SubscriberRequest

register = template.Library()


@register.simple_tag(takes_context=True)
def invitations_waiting(context: template.Context) -> list[WaitingInvitation]:
    """Return the invitations that wait for who is logged in, of all companies."""
    request: SubscriberRequest = context["request"]
    return invitations_waiting_for(request.subscriber)
