"""Mailings: people who asked for news, a page of news, and a worker that works it off."""

from cabinet.bills.models import BillPart, BillRun
from cabinet.subscribers.models import Subscriber
from cabinet.subscriptions.models import Mailing, Subscription
from cms_pages.models import NewsIndexPage, NewsPage
from tests.support.factories import make_subscriber
from tests.support.jobs import swept


def news_subscriber(email: str) -> Subscriber:
    person = make_subscriber(email)
    Subscription.objects.create(subscriber_id=person.pk, kind="news")
    return person


def publish_news(title: str = "Ремонт газопровода", **fields: object) -> NewsPage:
    """As the editor does: a draft, then «Опубликовать»."""
    index = NewsIndexPage.objects.get()
    page = NewsPage(title=title, lead="Газ отключат на день.", live=False, **fields)
    index.add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def now_due() -> None:
    """Let pauses and delays be over."""
    Mailing.objects.filter(due_at__isnull=False).update(due_at="2020-01-01T00:00+03:00")


def work_off() -> int:
    """Sweep, and do what was found, bills' files too; return the number of tasks of mailings."""
    from cabinet.bills.many.runs import runs_sweep
    from cabinet.subscriptions.mailings.batches import mailings_sweep

    count = 0
    for _step in range(3):  # a mailing of bills begins their files, which let it go on
        mailings_sweep()
        now_due()
        count += swept(mailings_sweep)
        if not BillRun.objects.filter(finished_at=None).exists():
            break
        BillPart.objects.filter(due_at__isnull=False).update(due_at="2020-01-01T00:00+03:00")
        swept(runs_sweep)
    return count
