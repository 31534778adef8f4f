"""The link in a letter that switches it off: good for one reminder of one company, and for nothing else."""

from uuid import UUID

from django.core import signing

from portal.connection import current_schema


def off_token(reminder_id: UUID) -> str:
    return signing.dumps(str(reminder_id), salt=_salt())


def off_token_read(token: str) -> UUID | None:
    """None for a forged one, or another company's."""
    try:
        return UUID(signing.loads(token, salt=_salt()))
    except (signing.BadSignature, ValueError):
        return None


def _salt() -> str:
    return f"cabinet.reminders.{current_schema()}"
