"""How many codes are sent: to one contact, for one network, and for a company."""

from limits import RateLimitItemPerDay, RateLimitItemPerHour

from cabinet.subscribers.contacts import Contact
from portal.audit.context import current_address
from portal.connection import current_schema
from portal.http.addresses import address_group
from portal.limits import RateLimit, spend_all

CODES_TO_CONTACT = RateLimit("appointment-codes-contact", RateLimitItemPerHour(5))
CODES_TO_CONTACT_A_DAY = RateLimit("appointment-codes-contact-day", RateLimitItemPerDay(10))
CODES_FROM_NETWORK = RateLimit("appointment-codes-network", RateLimitItemPerHour(30))
SMS_OF_COMPANY = RateLimit("appointment-codes-sms", RateLimitItemPerHour(300))


def may_code_be_sent(contact: Contact) -> bool:
    """Count a code, and return whether it was within the limits. Counted before any transaction."""
    budgets = [(CODES_TO_CONTACT, contact.key), (CODES_TO_CONTACT_A_DAY, contact.key)]
    if address := current_address():
        budgets.append((CODES_FROM_NETWORK, address_group(address)))
    if contact.kind == "phone":
        budgets.append((SMS_OF_COMPANY, current_schema()))
    return spend_all(*budgets)
