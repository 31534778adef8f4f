"""SMTP that says when a letter is about to be the server's, so that it goes out once at most.

A server takes a letter when it has read the line with a dot after the content. All before that line is sent
first; then `handed_at` is committed, and only then the dot goes out.
"""

import re
import selectors
import smtplib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from django.core.mail.backends.smtp import EmailBackend

from portal.messaging.base import (
    ChannelDown,
    Failure,
    OutcomeUnknown,
    RecipientRefused,
    SendingFailed,
)
from portal.messaging.handing import handed
from portal.messaging.models import Message

CONTENT_SECONDS = 60
# Servers look for viruses and spam before they answer the dot. Shorter than the lease.
ANSWER_SECONDS = 100

_STATUS = re.compile(rb"[45]\.(\d{1,3})\.(\d{1,3})\b")
# RFC 3463: address, mailbox. The rest (network, protocol, content, policy) is not the recipient's doing.
_ADDRESS, _MAILBOX = 1, 2
_SENDERS_ADDRESS = (7, 8)
_FULL = 2
_FULL_WITHOUT_STATUS = 552
_CLOSING = 421


class _Smtp(smtplib.SMTP):
    before_the_dot: Callable[[], None]

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Send the content, which `sendmail` gives as bytes, and return the server's answer."""
        self.putcmd("data")
        code, answer = self.getreply()
        if code != 354:
            raise smtplib.SMTPDataError(code, answer)
        assert self.sock is not None  # noqa: S101 — it has answered
        usual = self.sock.gettimeout()
        try:
            self.sock.settimeout(CONTENT_SECONDS)
            self.send(with_double_dots(msg))
            if self.has_spoken():  # it refuses or is gone, and no dot was sent
                code, answer = self.getreply()
                self.close()
                return max(code, 400), answer
            self.before_the_dot()
        except BaseException:
            self.close()  # without a dot, so what was sent is nothing
            raise
        code, answer = self._end()
        self.sock.settimeout(usual)
        return code, answer

    def _end(self) -> tuple[int, bytes]:
        assert self.sock is not None  # noqa: S101 — the content was sent
        try:
            self.sock.settimeout(ANSWER_SECONDS)
            self.send(b".\r\n")
            code, answer = self.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise OutcomeUnknown(type(error).__name__) from error
        if 200 <= code < 300:
            return 250, answer
        if not 400 <= code < 600:
            self.close()
            raise OutcomeUnknown(f"answer {code}")
        return code, answer

    def has_spoken(self) -> bool:
        """Return whether something came unasked: the server's good-bye, or the connection's end."""
        if self.sock is None:
            return True
        with selectors.DefaultSelector() as selector:
            selector.register(self.sock, selectors.EVENT_READ)
            return bool(selector.select(timeout=0))


class _SmtpSsl(_Smtp, smtplib.SMTP_SSL):
    pass


class Connection(EmailBackend):
    """A connection by Django's settings, opened when it is needed and opened anew when it broke."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _SmtpSsl if self.use_ssl else _Smtp

    def ready(self) -> _Smtp:
        """Return the open connection. Raises ChannelDown."""
        smtp = self.connection
        if isinstance(smtp, _Smtp) and smtp.has_spoken():
            smtp.close()
            self.connection = None
        try:
            self.open()
        except (smtplib.SMTPException, OSError) as error:
            raise ChannelDown(type(error).__name__) from error
        assert isinstance(self.connection, _Smtp)  # noqa: S101 — opened a line above
        assert self.connection.sock is not None  # noqa: S101 — as the line above
        # The dot would wait for the server to acknowledge the content, 40 ms a letter.
        self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self.connection

    def close(self) -> None:
        with suppress(smtplib.SMTPException, OSError):
            super().close()


_open = threading.local()


@contextmanager
def connection_open() -> Iterator[None]:
    """Send all letters of this thread over one connection meanwhile."""
    connection = _open.connection = Connection()
    try:
        yield
    finally:
        del _open.connection
        connection.close()


def smtp_send(message: Message, send: Callable[[smtplib.SMTP], Any]) -> None:
    """Let `send` send the message over an open connection. Raises as a sender does."""
    held: Connection | None = getattr(_open, "connection", None)
    connection = held or Connection()
    try:
        is_used = connection.connection is not None
        try:
            _send_over(connection, message, send)
        except (smtplib.SMTPServerDisconnected, smtplib.SMTPSenderRefused) as error:
            # The server has had enough of this connection, and has nothing of the letter.
            if not is_used or getattr(error, "smtp_code", _CLOSING) != _CLOSING:
                raise
            _send_over(connection, message, send)
    except smtplib.SMTPNotSupportedError as error:  # our own server knows no such addresses
        raise RecipientRefused(type(error).__name__) from error
    except smtplib.SMTPRecipientsRefused as error:
        ((code, text),) = error.recipients.values()
        raise _refusal(error, code, text) from error
    except smtplib.SMTPSenderRefused as error:  # ours, which is mended in the settings
        raise SendingFailed(f"{type(error).__name__} {error.smtp_code}") from error
    except smtplib.SMTPDataError as error:
        raise _refusal(error, error.smtp_code, error.smtp_error) from error
    except (smtplib.SMTPException, OSError) as error:
        raise SendingFailed(type(error).__name__) from error
    finally:
        if held is None:
            connection.close()


def _send_over(
    connection: Connection, message: Message, send: Callable[[smtplib.SMTP], Any]
) -> None:
    smtp = connection.ready()
    smtp.before_the_dot = partial(handed, message)
    send(smtp)


def _refusal(error: Exception, code: int, text: bytes | str) -> SendingFailed:
    """Return what a refusal means: 4xx later, 5xx for good if it is about the recipient (RFC 3463).

    A server that forbids us to send at all (5.7.1), or misses a login, says 5xx too: that is tried again.
    """
    found = _STATUS.match(text.encode() if isinstance(text, str) else text)
    status = (int(found[1]), int(found[2])) if found else None
    reason = f"{type(error).__name__} {code}"
    if status:
        reason += f" {code // 100}.{status[0]}.{status[1]}"
    is_full = status == (_MAILBOX, _FULL) or (status is None and code == _FULL_WITHOUT_STATUS)
    failure = Failure.FULL if is_full else Failure.REFUSED
    if code < 500:
        return SendingFailed(reason, failure if is_full else None)
    if status and status[0] == _ADDRESS and status[1] not in _SENDERS_ADDRESS:
        failure = Failure.NO_SUCH
    elif status and status[0] not in (0, _MAILBOX):
        return SendingFailed(reason)
    return RecipientRefused(reason, failure)


def with_double_dots(content: bytes) -> bytes:
    """Return the content as it goes over the wire, up to the end of its last line (RFC 5321, 4.5.2)."""
    content = re.sub(rb"(?m)^\.", b"..", content)
    return content if content.endswith(b"\r\n") else content + b"\r\n"
