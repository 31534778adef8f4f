"""What the staff do with messages of the site's forms: read, answer, mark as answered otherwise."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from wagtail.models import Site

from cms_pages.inbox.models import FormEntry, FormReply
from portal.audit.services import audit_write
from portal.messaging.services import message_send
from portal.staff.models import StaffUser

State = FormEntry.State


class AnsweredMeanwhile(Exception):
    """Somebody has answered since the author of an answer opened the page."""


@transaction.atomic
def entries_read(*, pks: Collection[int], actor: StaffUser) -> int:
    """Mark new messages as read, and return how many were new."""
    rows = FormEntry.objects.select_for_update(of=("self",)).filter(pk__in=pks, state=State.NEW)
    found = list(rows.order_by("pk"))
    for entry in found:
        _read(entry, actor.shown_name)
        entry.save(update_fields=["state", "read_at", "read_by"])
        audit_write(actor=actor, action="form.read", subject=entry)
    return len(found)


@transaction.atomic
def entry_answered(*, entry_pk: int, actor: StaffUser) -> FormEntry:
    """Mark a message as answered by telephone or otherwise; again, it changes nothing."""
    entry = _locked(entry_pk)
    if entry.state != State.ANSWERED:
        _answered(entry, actor.shown_name)
        entry.save()
        audit_write(actor=actor, action="form.answered", subject=entry)
    return entry


@transaction.atomic
def entry_renew(*, entry_pk: int, actor: StaffUser) -> FormEntry:
    """Make a message new again, for a colleague; its answers stay."""
    entry = _locked(entry_pk)
    if entry.state != State.NEW:
        entry.state, entry.read_at, entry.read_by = State.NEW, None, ""
        entry.answered_at, entry.answered_by = None, ""
        entry.save()
        audit_write(actor=actor, action="form.renewed", subject=entry)
    return entry


@transaction.atomic
def entry_reply(
    *, entry_pk: int, actor: StaffUser, text: str, form_key: UUID, seen: int
) -> FormReply:
    """Answer a message by e-mail to the address that its sender gave; the same form again changes nothing.

    `seen`: how many answers its author has seen. Raises AnsweredMeanwhile if there are more.
    """
    entry = _locked(entry_pk)
    if said := FormReply.objects.filter(form_key=form_key).first():
        return said
    if entry.replies.count() > seen:
        raise AnsweredMeanwhile
    company = Site.objects.get(is_default_site=True).site_name
    message = message_send(
        kind="form_reply",
        recipient=entry.email,
        context={"company_name": company, "title": entry.title, "answer": text}
        | {"asked": entry.answers, "sent_on": timezone.localtime(entry.submit_time)},
    )
    reply = FormReply.objects.create(
        entry=entry,
        form_key=form_key,
        text=text,
        author=actor.shown_name,
        message=message.pk,
    )
    _answered(entry, actor.shown_name)
    entry.save()
    audit_write(actor=actor, action="form.replied", subject=entry)
    return reply


def entries_follow_appeal(*, appeal_number: int, is_answered: bool, by: str) -> None:
    """Let messages that became an appeal be read or answered as the appeal is, in its transaction."""
    rows = FormEntry.objects.select_for_update(of=("self",)).filter(appeal_number=appeal_number)
    for entry in rows.exclude(state=State.ANSWERED).order_by("pk"):
        (_answered if is_answered else _read)(entry, by)
        entry.save()


def _locked(entry_pk: int) -> FormEntry:
    entry: FormEntry = FormEntry.objects.select_for_update(of=("self",)).get(pk=entry_pk)
    return entry


def _read(entry: FormEntry, by: str) -> None:
    if entry.read_at is None:
        entry.read_at, entry.read_by = timezone.now(), by
    if entry.state == State.NEW:
        entry.state = State.READ


def _answered(entry: FormEntry, by: str) -> None:
    _read(entry, by)
    entry.state = State.ANSWERED
    entry.answered_at, entry.answered_by = timezone.now(), by
