"""A real SMTP server that keeps what it is sent."""

import email
import email.policy


class Inbox:
    def __init__(self) -> None:
        self.letters: list[email.message.EmailMessage] = []
        self.answer = "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 — aiosmtpd's name
        if self.answer.startswith("250"):
            parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
            self.letters.append(parsed)
        return self.answer


CONTEXT = {"company_name": "Газ", "url": "http://x/секрет-123", "hours": 24}
