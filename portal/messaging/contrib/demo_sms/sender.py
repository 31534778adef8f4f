"""SMS of the demo: each goes to the demo's mail catcher, so that /demo/mail/ shows it."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage

from portal.messaging.base import Sender
from portal.messaging.contrib.demo_sms import DOMAIN
from portal.messaging.contrib.smtp.sender import mail_send
from portal.messaging.models import Message


class DemoSmsSender(Sender):
    """Shows codes to every visitor of the demo, so it refuses to work outside of it."""

    identifier = "demo"

    def send(self, message: Message) -> None:
        if not settings.DEMO:
            raise ImproperlyConfigured("The demo's SMS sender is a development convenience.")
        mail = EmailMessage(
            body=message.text,
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[f"{message.recipient}@{DOMAIN}"],
            headers={"Message-ID": f"<{message.pk}@{settings.BASE_HOST}>"},
        )
        mail_send(message, mail)
