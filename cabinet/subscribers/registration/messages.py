"""What goes out when somebody registers."""

from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.models import Subscriber
from cabinet.subscribers.registration import codes
from portal.messaging.models import Message
from portal.messaging.services import message_send
from tenants.models import GasCompany

LINK_HOURS = 24


def registration_tell(
    contact: Contact, company: GasCompany, *, url: str, login_url: str, code: str
) -> None:
    """The link or code; to who is registered already, that they are. In the caller's transaction.

    Both addresses come ready made: one query more for one of them would tell which it was.
    """
    registered = Subscriber.objects.filter(**contact.lookup()).exists()
    channel = Message.Channel.EMAIL if contact.kind == "email" else Message.Channel.SMS
    message_send(
        kind="already_registered" if registered else "confirm_registration",
        recipient=contact.value,
        channel=channel,
        context={
            "company_name": company.name,
            "url": login_url if registered else url,
            "hours": LINK_HOURS,
            "code": "" if registered else codes.code_for_people(code),
        },
    )
