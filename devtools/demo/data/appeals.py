"""Appeals of the demo's accounts in all states, so that the history, the desk and the figures have rows."""

import datetime
import io
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from PIL import Image, ImageDraw

from devtools.demo.data.companies import COMPANIES
from devtools.demo.data.logins import SUBSCRIBER, SUBSCRIBER_PHONE
from devtools.demo.data.texts.appeals import APPEALS, CANNED, DemoAppeal

if TYPE_CHECKING:
    from cabinet.appeals.models import Appeal, AppealMessage

_ANSWERER = "operator"


def appeals_create() -> None:
    """Write the appeals and the canned answers of each company, once."""
    from cabinet.appeals.models import Appeal
    from tenants.models import GasCompany
    from tenants.schemas import in_company

    for demo in COMPANIES:
        with in_company(GasCompany.objects.get(schema_name=demo.schema)):
            _canned_create()
            if not Appeal.objects.exists():
                for row in APPEALS.get(demo.schema, ()):
                    _appeal_create(row)


def _canned_create() -> None:
    from cabinet.appeals.models import AppealKind, CannedAnswer

    for title, text, kind in CANNED:
        found = AppealKind.objects.filter(name=kind).first() if kind else None
        CannedAnswer.objects.get_or_create(title=title, defaults={"text": text, "kind": found})


def _appeal_create(row: DemoAppeal) -> None:
    """Write the rows themselves: of what happened weeks ago only the unread answer is said, in the bell."""
    from django.utils import timezone

    from cabinet.accounts.models import PersonalAccount
    from cabinet.appeals.lifecycle.notices import notify_answered
    from cabinet.appeals.models import Appeal, AppealKind
    from cms_pages.models import ServiceCentre
    from portal.staff.models import StaffUser

    now = timezone.now()
    created = now - datetime.timedelta(hours=row.hours_ago)
    account = PersonalAccount.objects.filter(account_number=row.account).first()
    code = account.service_centre if account else ""
    staff = StaffUser.objects.filter(username=_ANSWERER).first() if row.is_taken else None
    appeal = Appeal.objects.create(
        form_key=uuid4(),
        source=row.source,
        account=account,
        subscriber_id=_writer(row),
        kind=AppealKind.objects.filter(name=row.kind).first(),
        kind_name=row.kind,
        question=row.question,
        contact_name=account.masked_name if account else row.name,
        email=row.email,
        phone=row.phone,
        text=row.text,
        answers=[list(pair) for pair in row.answers],
        context=row.context,
        state=row.state,
        centre=ServiceCentre.objects.filter(code=code).first(),
        assigned_to=staff,
        **_clock(row, created, now),
        is_unread=row.is_unread,
        has_news=row.state == "new" or row.has_news,
        is_solved=row.is_solved,
        mark=row.mark,
        mark_comment=row.mark_comment,
    )
    Appeal.objects.filter(pk=appeal.pk).update(created_at=created)
    last = _messages_create(appeal, row, created)
    if row.is_unread and last and row.state == "answered":
        notify_answered(appeal, last)
    if row.has_picture:
        _picture_attach(appeal)


def _writer(row: DemoAppeal) -> Any:
    from cabinet.subscribers.models import Subscriber

    contact = {"by_mail": {"email": SUBSCRIBER}, "by_phone": {"phone": SUBSCRIBER_PHONE}}
    if row.writer not in contact:
        return None
    return Subscriber.objects.values_list("pk", flat=True).filter(**contact[row.writer]).first()


def _clock(row: DemoAppeal, created: datetime.datetime, now: datetime.datetime) -> dict[str, Any]:
    """Return the term of the state: it runs, stands while the subscriber is asked, or has been met."""
    due = created + datetime.timedelta(hours=row.term_hours)
    answers = [one for one in row.messages if one[0] == "staff"]
    first, last = (
        (created + datetime.timedelta(hours=answers[place][1]) if answers else None)
        for place in (0, -1)
    )
    if row.state == "waiting":
        return {"time_left": 3 * 8 * 3600, "state_since": last}
    if row.state == "withdrawn":
        closed = created + datetime.timedelta(hours=2)
        return {"closed_at": closed, "state_since": closed}
    if row.state not in ("answered", "done"):
        return {"due_at": due, "state_since": created}
    return {
        "due_at": due,
        "answered_at": first,
        "is_late": first is not None and first > due,
        "closed_at": last if row.state == "done" else None,
        "state_since": last,
    }


def _messages_create(
    appeal: "Appeal", row: DemoAppeal, created: datetime.datetime
) -> "AppealMessage | None":
    """Write the messages, and return the last one."""
    from cabinet.appeals.models import AppealMessage

    message = None
    for author, hours, text in row.messages:
        by_staff = author != "subscriber"
        message = AppealMessage.objects.create(
            form_key=uuid4(),
            appeal=appeal,
            author=author,
            author_name=_ANSWERER if by_staff else "",
            text=text,
        )
        at = created + datetime.timedelta(hours=hours)
        AppealMessage.objects.filter(pk=message.pk).update(created_at=at)
    return message


def _picture_attach(appeal: "Appeal") -> None:
    from cabinet.appeals.models import AppealFile
    from portal.uploads.services import upload_store, uploads_attach

    content = _dial_drawn()
    upload = AppealFile(
        form_key=appeal.form_key,
        subscriber_id=appeal.subscriber_id,
        name="Счётчик.jpg",
        size=len(content),
        extension="jpg",
    )
    upload_store(upload, content)
    uploads_attach(AppealFile.objects.filter(pk=upload.pk), appeal)


def _dial_drawn() -> bytes:
    """Return a drawing of a dial: the demo has no pictures of anybody's meter."""
    picture = Image.new("RGB", (640, 360), "#e9ecef")
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((60, 70, 580, 290), 30, fill="#ffffff", outline="#495057", width=6)
    for place, digit in enumerate("01957"):
        left = 110 + place * 85
        pen.rectangle((left, 130, left + 70, 230), fill="#212529")
        pen.text((left + 20, 145), digit, fill="#ffffff", font_size=60)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()
