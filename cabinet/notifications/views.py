from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from cabinet.notifications.kinds import KINDS
from cabinet.notifications.reading import notifications_read
from cabinet.notifications.selectors import (
    bell_of,
    listed_by_day,
    notifications_page,
    unread_elsewhere,
    unread_here,
)
from cabinet.notifications.sent import messages_to
from cabinet.notifications.ways.choices import off_token_read, way_off, ways_save
from cabinet.notifications.ways.forms import WaysForm
from cabinet.notifications.ways.page import ways_of
from cabinet.subscribers.http import (
    SubscriberRequest,
    is_looked_at,
    post_only,
    subscriber_required,
)
from tenants.http import TenantRequest


@subscriber_required
def listed(request: SubscriberRequest) -> HttpResponse:
    """Show what the person was told in this company; what is shown counts as read from now on.

    Besides an appeal, this is the one page that a person's GET changes something of; neither HEAD nor a
    browser that fetches the page in advance does.
    """
    person = request.subscriber
    page = notifications_page(person, request.GET.get("page"))
    rows = list(page.object_list)
    context = {
        "page": page,
        "days": listed_by_day(person, request.tenant, rows),
        "elsewhere": unread_elsewhere(person, request.tenant),
    }
    unread = [one.pk for one in rows if one.read_at is None]
    # Also without unread rows: a count that says otherwise is wrong.
    if is_looked_at(request) and (unread or unread_here(person, request.tenant)):
        notifications_read(person.pk, unread)
    return render(request, "cabinet/notifications/list.html", context)


@never_cache
@subscriber_required
def bell(request: SubscriberRequest) -> HttpResponse:
    """Serve the bell alone, for a page that stays open."""
    context = {"bell": bell_of(request.subscriber)}
    return render(request, "cabinet/layout/bell.html", context)


@subscriber_required
@post_only("notifications:list")
def read_all(request: SubscriberRequest) -> HttpResponse:
    notifications_read(request.subscriber.pk)
    return redirect("notifications:list")


@subscriber_required
def sent(request: SubscriberRequest) -> HttpResponse:
    """Show what this company has written to the person, by whatever channel, and whether it has arrived."""
    context = {
        "sent": messages_to(request.subscriber.pk),
        "keep_days": settings.MESSAGE_KEEP_DAYS,
    }
    return render(request, "cabinet/notifications/sent.html", context)


@subscriber_required
def ways(request: SubscriberRequest) -> HttpResponse:
    """Show and change «Как сообщать»: kinds by channels."""
    found = ways_of(request.subscriber, request.tenant)
    data = request.POST if request.method == "POST" else None
    form = WaysForm(data, channels=found.offered, initial=found.chosen)
    if form.is_valid():
        ways_save(request.subscriber.pk, form.chosen())
        messages.success(request, _("Сохранено. Так и будем сообщать."))
        return redirect("notifications:ways")
    context = {"form": form, "ways": found}
    return render(request, "cabinet/notifications/ways.html", context)


@never_cache
@csrf_exempt
def off(request: TenantRequest, token: str) -> HttpResponse:
    """Switch a kind off by the link in a letter, without a login. A GET only asks: mail programs open links.

    The signed token is the right to do so. A mail program's one-click POST (RFC 8058) has neither a cookie
    nor a token against forged requests.
    """
    link = off_token_read(token)
    if link is None:
        raise Http404
    state = "ask"
    if request.method == "POST":
        state = "off" if way_off(link) else "over"
    context = {"state": state, "kind": KINDS[link.kind]}
    return render(request, "cabinet/notifications/off.html", context)
