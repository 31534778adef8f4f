from cabinet.subscribers.http import SubscriberRequest
from cabinet.subscribers.models import AccountLink
from cms_pages.addresses import address_exists
from cms_pages.selectors import contacts_address


def appeal_address(request: SubscriberRequest, link: AccountLink) -> str:
    """Where «Создать обращение» leads: the section of appeals; without one, the company's contacts."""
    appeals = f"/cabinet/{link.pk}/service-centre/appeals/"
    return appeals if address_exists(appeals) else contacts_address(request)
