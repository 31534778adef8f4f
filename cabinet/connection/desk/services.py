"""What operators add to an application that changes no state of it."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from cabinet.connection.lifecycle.by_staff import files_add
from cabinet.connection.lifecycle.states import application_locked, log
from cabinet.connection.models import ConnectionApplication, ConnectionNote
from portal.staff.models import StaffUser


@transaction.atomic
def note_add(*, application_pk: int, actor: StaffUser, text: str, form_key: UUID) -> None:
    """Write a note for colleagues; the same form again writes nothing."""
    application = application_locked(application_pk)
    _note, is_new = ConnectionNote.objects.get_or_create(
        form_key=form_key,
        defaults={"application": application, "text": text, "by_staff": actor.shown_name},
    )
    if is_new:
        application.forgotten_at = None
        application.save(update_fields=["forgotten_at"])
        log(application, "note", actor)


@transaction.atomic
def company_files_add(
    *, application_pk: int, actor: StaffUser, files: Sequence[UUID]
) -> ConnectionApplication:
    """Give the applicant files of the company that were stored before."""
    application = application_locked(application_pk)
    files_add(application, files)
    application.is_unread, application.forgotten_at = True, None
    application.save(update_fields=["is_unread", "forgotten_at"])
    log(application, "files", actor, files=len(files))
    return application
