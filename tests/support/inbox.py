"""A real SMTP server that keeps what it is sent."""

import asyncio
import email
import email.policy
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller


class Inbox:
    def __init__(self) -> None:
        self.letters: list[email.message.EmailMessage] = []
        self.answer = "250 OK"  # to the end of a letter; without one the connection is dropped
        self.answer_to_recipient = "250 OK"
        self.peers: list[tuple[str, int]] = []  # of each letter
        self.letters_a_connection = 0  # then the connection is ended; 0 for any number

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.answer_to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        if not self.answer_to_recipient:
            server.transport.abort()
        return self.answer_to_recipient

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 — aiosmtpd's name
        if not self.answer:
            server.transport.abort()
        if self.answer.startswith("250") or not self.answer:
            parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
            self.letters.append(parsed)
            self.peers.append(session.peer)
            if self.letters_a_connection and not self.peers.count(session.peer) % (
                self.letters_a_connection
            ):
                asyncio.get_running_loop().call_soon(server.transport.close)
        return self.answer


@contextmanager
def smtp_server(settings: Any, **parameters: Any) -> Iterator[Inbox]:
    """Start a server on a free port, and send what the portal sends there."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    inbox = Inbox()
    # A busy machine takes longer than its usual five seconds.
    controller = Controller(inbox, hostname="127.0.0.1", port=port, ready_timeout=60, **parameters)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    try:
        yield inbox
    finally:
        controller.stop()


CONTEXT = {"company_name": "Газ", "url": "http://x/секрет-123", "hours": 24}
