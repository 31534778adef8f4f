"""The applicant's data go: with the person, or when nobody can need them any more."""

import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cabinet.connection.lifecycle.by_applicant import withdrawal_enter
from cabinet.connection.lifecycle.states import (
    CAN_BE_WITHDRAWN,
    ENDED,
    State,
    application_locked,
    log,
)
from cabinet.connection.models import ConnectionApplication, ConnectionPaper
from cabinet.subscribers.models import Consent
from portal.uploads.services import uploads_delete

# Three years, the general limitation period (article 196 of the Civil Code): until then a refusal or the
# works may be disputed. After it the purpose is reached, and the data have to go (article 21 of 152-FZ).
STORED_FOR = datetime.timedelta(days=3 * 365 + 1)
_AT_ONCE = 1000


def applications_forget() -> int:
    """Take the applicants out of what ended three years ago; return the number of applications.

    Each is a transaction of its own: what a killed process leaves, the next run does.
    """
    old = Q(state__in=ENDED, state_since__lt=timezone.now() - STORED_FOR, forgotten_at__isnull=True)
    oldest = ConnectionApplication.objects.filter(old).order_by("state_since")
    pks = list(oldest.values_list("pk", flat=True)[:_AT_ONCE])
    return sum(application_forget(application_pk=pk, condition=old) for pk in pks)


@transaction.atomic
def application_forget(*, application_pk: int, condition: Q) -> bool:
    """Take the applicant out of an application, with all papers and all that anybody wrote about it.

    Number, states and days stay. A draft goes wholly, what is not signed is withdrawn. False for one that
    does not meet the condition any more.
    """
    try:
        application = application_locked(application_pk, condition)
    except ConnectionApplication.DoesNotExist:
        return False
    uploads_delete(ConnectionPaper.objects.filter(application=application))
    Consent.objects.filter(application_id=application.key).delete()
    if application.state == State.DRAFT:
        application.delete()
        return True
    if application.state in CAN_BE_WITHDRAWN:
        withdrawal_enter(application, action="forget")
    else:
        log(application, "forget", None)
    _empty(application)
    application.save()
    return True


def _empty(application: ConnectionApplication) -> None:
    """Delete what the applicant answered, and the texts of operators, who may have named him."""
    application.notes.all().delete()
    application.requests.all().delete()
    application.events.exclude(text="").update(text="")
    application.answers, application.subscriber_id = {}, None
    application.applicant_name = application.phone = application.email = ""
    application.address = application.cadastral_number = application.error = ""
    application.secret_hash = application.code_hash = ""
    application.is_unread = False
    if application.state in ENDED:
        application.forgotten_at = timezone.now()
