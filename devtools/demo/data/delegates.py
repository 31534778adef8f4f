"""A delegate of the first company's account, who reads it and sends readings."""

import datetime

from devtools.demo.data.companies import COMPANIES
from devtools.demo.data.logins import PASSWORD, SUBSCRIBER

DELEGATE = "doverie@example.ru"


def delegate_create() -> None:
    """Let one more person in to an account of the subscriber by e-mail, for a year. Once."""
    from django.contrib.auth.hashers import make_password
    from django.utils import timezone

    from cabinet.accounts.delegates.services import delegation_accept, delegation_invite
    from cabinet.subscribers.consents.documents import documents_to_accept
    from cabinet.subscribers.consents.services import consents_give
    from cabinet.subscribers.contacts import Contact
    from cabinet.subscribers.models import AccountLink, Delegation, Subscriber
    from portal.http.addresses import RequestOrigin
    from tenants.models import GasCompany
    from tenants.schemas import in_company

    company = GasCompany.objects.get(schema_name=COMPANIES[0].schema)
    links = AccountLink.objects.holders_of(company, COMPANIES[0].account)
    link = links.filter(subscriber__email=SUBSCRIBER).first()
    if link is None or Delegation.objects.filter(owner_link=link).exists():
        return
    delegate, _is_new = Subscriber.objects.get_or_create(
        email=DELEGATE, defaults={"password": make_password(PASSWORD)}
    )
    with in_company(company):
        consents_give(
            subscriber=delegate,
            documents=documents_to_accept(company),
            company=company,
            origin=RequestOrigin(COMPANIES[0].host, "127.0.0.1"),
        )
        invitation = delegation_invite(
            link=link,
            company=company,
            contact=Contact("email", DELEGATE),
            right=Delegation.Right.SEND,
            ends_on=timezone.localdate() + datetime.timedelta(days=365),
        )
        delegation_accept(delegation=invitation, subscriber=delegate, company=company)
