"""News by subscription: a page that goes live for the first time is told to all who asked for news."""

import datetime
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cabinet.notifications.services import Notice
from cabinet.subscribers.models import Subscriber
from cabinet.subscriptions.mailings.batches import mailing_begin, mailing_run, notice_ways
from cabinet.subscriptions.models import Mailing, Subscription
from cabinet.subscriptions.services import off_path
from cms_pages.models import NewsPage
from portal.formats.dates import long_day
from portal.jobs import JobFailed
from tenants.models import GasCompany
from tenants.selectors import company_entered, current_company

# Time to stop what was published too early.
PAUSE = datetime.timedelta(minutes=15)
# News with an older date are an archive that is being filled. A moderator may take some days.
OLD = datetime.timedelta(days=7)


def news_published(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Begin the mailing of a page of news that has gone live for the first time (a receiver).

    Whoever published it: an editor, the editor's hour, the central office. Pages for some visitors only are
    not told.
    """
    if not isinstance(instance, NewsPage) or not instance.live or current_company() is None:
        return
    is_first = instance.first_published_at == instance.last_published_at
    is_old = instance.date < timezone.localdate() - OLD
    if not is_first or is_old or instance.get_view_restrictions().exists():
        return
    user = instance.live_revision.user if instance.live_revision else None
    with transaction.atomic():
        mailing_begin(
            kind=Subscription.Kind.NEWS,
            key=str(instance.pk),
            title=instance.title,
            started_by=str(user or ""),
            due_at=timezone.now() + PAUSE,
        )


def news_mail(pk: UUID) -> bool:
    """Work off the mailing of a page of news; called by the task. A suspended company's waits."""
    company = company_entered()
    if company.status != GasCompany.Status.ACTIVE:
        return False
    return mailing_run(pk, _notices)


def _notices(mailing: Mailing, batch: Sequence[Subscription]) -> list[Notice]:
    """Return what is told to the people of a batch; nothing to those who are leaving.

    Raises JobFailed for a page that is not to be seen any more.
    """
    page = NewsPage.objects.live().public().filter(pk=int(mailing.key)).first()
    if page is None:
        raise JobFailed(_("Новости больше нет на сайте."), for_good=True)
    company = company_entered()
    site, path = company.url, page.get_url_parts()[2]
    context = {
        "company_name": company.name,
        "title": page.title,
        "summary": page.summary,
        "day": long_day(page.date),
        "url": f"{site}{path}",
    }
    persons = {one.subscriber_id for one in batch}
    people = Subscriber.objects.filter(deletion_due_at=None).in_bulk(persons)
    notices = []
    for one in batch:
        if one.subscriber_id in people:
            off_url = f"{site}{off_path(one)}"
            notices.append(
                Notice(
                    subscriber=people[one.subscriber_id],
                    kind="news_published",
                    title=page.title[:200],
                    text=page.summary,
                    path=path,
                    context={**context, "off_url": off_url},
                    subscription=one.pk,
                    mailing=mailing.pk,
                    unsubscribe_url=off_url,
                    **notice_ways(one, people[one.subscriber_id]),
                )
            )
    return notices
