from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cabinet.notifications.reading import notifications_read
from cabinet.notifications.selectors import listed_by_day, notifications_page, unread_elsewhere
from cabinet.subscribers.http import SubscriberRequest, post_only, subscriber_required


@subscriber_required
def listed(request: SubscriberRequest) -> HttpResponse:
    """Show what the person was told in this company; what is shown counts as read from now on.

    This is the one page that a person's GET changes something of. Nothing else does: neither HEAD nor a
    browser that fetches the page in advance.
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
    if unread and _is_looked_at(request):
        notifications_read(person.pk, unread)
    return render(request, "cabinet/notifications/list.html", context)


@subscriber_required
@post_only("notifications:list")
def read_all(request: SubscriberRequest) -> HttpResponse:
    notifications_read(request.subscriber.pk)
    return redirect("notifications:list")


def _is_looked_at(request: HttpRequest) -> bool:
    purposes = [request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz")]
    return request.method == "GET" and not any("fetch" in one.lower() for one in purposes)
