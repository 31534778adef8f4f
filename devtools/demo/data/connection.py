"""Who takes applications for connection in the demo's gas companies, and applications of theirs; once."""

import datetime
from typing import TYPE_CHECKING

from devtools.demo.data.logins import SUBSCRIBER
from devtools.demo.data.texts.connection import APPLICATIONS, DemoConnection

if TYPE_CHECKING:
    from cabinet.connection.models import ConnectionApplication

SETTINGS: dict[str, dict[str, object]] = {
    "pskov": {
        "recipient": "АО «Газпром газораспределение Псков»",
        "recipient_phone": "(8112) 50-04-04",
        "recipient_site": "https://gro-pskov.example/",
        "way": "mail",
        "recipient_email": "zayavki@gro-pskov.example",
    },
    "novgorod": {
        "recipient": "Единый оператор газификации, филиал в Великом Новгороде",
        "recipient_phone": "(8162) 50-04-04",
        "recipient_site": "https://gro-novgorod.example/",
        "way": "hand",
    },
}


def connection_create() -> None:
    """Set what the companies' administrators would; what was changed since stays."""
    from wagtail.models import Site

    from cabinet.connection.models import ConnectionApplication, ConnectionSettings
    from tenants.models import GasCompany
    from tenants.schemas import in_company

    for schema, values in SETTINGS.items():
        with in_company(GasCompany.objects.get(schema_name=schema)):
            ConnectionSettings.objects.get_or_create(
                site=Site.objects.get(is_default_site=True), defaults={"is_on": True, **values}
            )
            if not ConnectionApplication.objects.exists():
                for row in APPLICATIONS[schema]:
                    _application_create(row)


def _application_create(row: DemoConnection) -> None:
    """Write the rows themselves: of what happened weeks ago nobody is notified now."""
    from django.utils import timezone

    from cabinet.connection.lifecycle.terms import due_of
    from cabinet.connection.models import ConnectionApplication
    from cabinet.connection.set_up.selectors import connection_settings
    from cabinet.subscribers.models import Subscriber
    from portal.secrets import random_number

    today, sent = timezone.localdate(), _moment(row.events[0][1])
    forwarded = [days for state, days, _by, _text in row.events if state == "forwarded"]
    owner = Subscriber.objects.filter(email=SUBSCRIBER).first() if row.is_subscribers else None
    answers = row.answers
    application = ConnectionApplication.objects.create(
        number=random_number(),
        state=row.events[-1][0],
        subscriber_id=owner.pk if owner else None,
        answers=answers,
        applicant_name=row.name,
        phone=row.phone,
        email=row.email,
        address=row.address,
        cadastral_number=row.land,
        flow=answers["equipment"]["flow"],
        submitted_at=sent,
        forwarded_at=_moment(forwarded[0]) if forwarded else None,
        recipient=connection_settings().recipient,
        recipient_number=row.recipient_number,
        registered_on=today - datetime.timedelta(days=row.registered) if row.registered else None,
        category=row.category,
        due_at=None,
        is_unread=row.is_unread,
    )
    due = due_of(application, _day(row.events[-1][1]))
    ConnectionApplication.objects.filter(pk=application.pk).update(
        created_at=sent, state_since=_moment(row.events[-1][1]), due_on=due
    )
    _history_create(application, row)
    _papers_create(application, row)


def _history_create(application: "ConnectionApplication", row: DemoConnection) -> None:
    from uuid import uuid4

    from cabinet.connection.models import ConnectionEvent

    for state, days, by_staff, text in row.events:
        event = application.events.create(
            state=state, text=text, by_staff=by_staff, happened_on=_day(days)
        )
        ConnectionEvent.objects.filter(pk=event.pk).update(created_at=_moment(days))
    for name, text in row.asked:
        application.requests.create(name=name, text=text, by_staff=row.events[-1][2])
    if row.note:
        application.notes.create(text=row.note, by_staff=row.events[-1][2], form_key=uuid4())


def _papers_create(application: "ConnectionApplication", row: DemoConnection) -> None:
    from cabinet.connection.models import ConnectionPaper, PaperType

    for title in row.papers:
        _paper_create(
            application,
            title=title,
            name=f"{title.partition(',')[0][:60]}.pdf",
            paper_type=PaperType.objects.filter(name=title).first(),
            forwarded_at=application.forwarded_at,
        )
    if any(state == "offered" for state, *_rest in row.events):
        _paper_create(
            application,
            title="Договор о подключении",
            name=f"Договор {row.recipient_number.replace('/', '-')}.pdf",
            kind=ConnectionPaper.Kind.CONTRACT,
            by_staff=row.events[-1][2],
        )


def _paper_create(
    application: "ConnectionApplication", *, title: str, name: str, **fields: object
) -> None:
    from cabinet.connection.models import ConnectionPaper
    from portal.formats.pdf import FONT, pdf_layout, tagged_pdf
    from portal.uploads.services import upload_store, uploads_attach

    style = f'@font-face {{ font-family: Onest; src: url("{FONT}") }} body {{ font-family: Onest }}'
    text = f"<h1>{title}</h1><p>{application.address}</p><p>Образец для показа, силы не имеет.</p>"
    content = tagged_pdf(
        pdf_layout(
            f'<html lang="ru"><head><title>{title}</title><style>{style}</style></head><body>{text}'
        )
    )
    paper = ConnectionPaper(title=title, name=name, size=len(content), extension="pdf", **fields)
    upload_store(paper, content)
    uploads_attach(ConnectionPaper.objects.filter(pk=paper.pk), application)


def _day(days: int) -> datetime.date:
    from django.utils import timezone

    return timezone.localdate() - datetime.timedelta(days=days)


def _moment(days: int) -> datetime.datetime:
    from django.utils import timezone

    return timezone.now() - datetime.timedelta(days=days)
