"""What else waits for the demo's operators: an application of somebody logged in, a disputed link."""

import datetime

from devtools.demo.data.companies import COMPANIES
from devtools.demo.data.logins import SUBSCRIBER, SUBSCRIBER_PHONE

_TEXT = "Лицевой счёт есть ещё у кого-то. В нашей семье больше никто им не пользуется, проверьте."


def queues_fill() -> None:
    """Put one of each into the queues of the first company, once."""
    from cabinet.accounts.applications.services import application_store
    from cabinet.accounts.models import Application, LinkDispute, PersonalAccount
    from cabinet.subscribers.models import Subscriber
    from tenants.models import GasCompany
    from tenants.schemas import in_company

    demo = COMPANIES[0]
    with in_company(GasCompany.objects.get(schema_name=demo.schema)):
        if LinkDispute.objects.exists():
            return
        LinkDispute.objects.create(
            account_number=demo.account,
            subscriber_id=Subscriber.objects.get(email=SUBSCRIBER).pk,
            text=_TEXT,
        )
        own = (demo.account, *demo.more_accounts)
        others = PersonalAccount.objects.filter(closed_on=None).exclude(account_number__in=own)
        account = others.order_by("account_number").first()
        if account is None:
            return
        names = ("account_number", "last_name", "first_name", "patronymic", "address")
        application_store(
            **{name: getattr(account, name) for name in names},
            state=Application.State.WAITING,
            reason=Application.Reason.NO_PROOF,
            region=demo.region,
            subscriber_id=Subscriber.objects.get(phone=SUBSCRIBER_PHONE).pk,
            phone=SUBSCRIBER_PHONE,
            document_kind=Application.DocumentKind.REGISTER_EXTRACT,
            document_number="КУВИ-001/2026-48215507",
            document_date=datetime.date(2026, 9, 14),
        )
