from django import template

from cabinet.accounts.links.listed import ListedLink, links_listed
from cabinet.subscribers.http import SubscriberRequest

register = template.Library()


@register.simple_tag(takes_context=True)
def linked_accounts(context: template.Context) -> list[ListedLink]:
    """Return the accounts of who is logged in, for «Текущие привязки»."""
    request: SubscriberRequest = context["request"]
    return links_listed(request.subscriber, request.tenant)
