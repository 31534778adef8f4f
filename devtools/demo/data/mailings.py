"""Subscriptions of the first company's subscriber, and two mailings: bills and news on the mail page."""

from devtools.demo.data.companies import COMPANIES
from devtools.demo.data.logins import SUBSCRIBER


def mailings_begin() -> None:
    """Subscribe to bills and news, and begin a mailing of each. Once; the worker does the rest."""
    from cabinet.accounts.models import PersonalAccount
    from cabinet.billing.as_of import charges_as_of
    from cabinet.bills.mailing.bill_mailing import bill_month, bills_mailing_begin
    from cabinet.subscribers.models import Subscriber
    from cabinet.subscriptions.mailings.batches import mailing_begin
    from cabinet.subscriptions.models import Mailing, Subscription
    from cabinet.subscriptions.services import subscription_add
    from cms_pages.models import NewsPage
    from tenants.models import GasCompany
    from tenants.schemas import in_company

    company = GasCompany.objects.get(schema_name=COMPANIES[0].schema)
    person = Subscriber.objects.filter(email=SUBSCRIBER).first()
    with in_company(company):
        if person is None or Mailing.objects.filter(kind=Subscription.Kind.BILL).exists():
            return
        account = PersonalAccount.objects.get(account_number=COMPANIES[0].account)
        subscription_add(subscriber=person, account=account, kind=Subscription.Kind.BILL)
        subscription_add(subscriber=person, kind=Subscription.Kind.NEWS)
        if as_of := charges_as_of():
            bills_mailing_begin(bill_month(as_of))
        if page := NewsPage.objects.live().public().order_by("-date", "-pk").first():
            mailing_begin(kind=Subscription.Kind.NEWS, key=str(page.pk), title=page.title)
