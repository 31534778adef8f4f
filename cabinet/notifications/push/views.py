"""The page «Уведомления в браузере», and the address to which its script says that the browser has agreed."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cabinet.notifications.models import PushSubscription
from cabinet.notifications.push import services
from cabinet.notifications.push.browsers import push_cookie_set
from cabinet.notifications.push.endpoints import SubscriptionWrong
from cabinet.notifications.push.selectors import push_state
from cabinet.subscribers.http import SubscriberRequest, post_only, subscriber_required
from cabinet.subscribers.models import Subscriber, SubscriberSession
from portal.messaging.quiet import message_settings


@subscriber_required
def page(request: SubscriberRequest) -> HttpResponse:
    """Show in which browsers notifications are on, and let this one be added."""
    context = {
        "push": push_state(request.subscriber.pk, request.subscriber_session),
        "quiet": message_settings(),
    }
    return render(request, "cabinet/notifications/push/page.html", context)


@post_only("notifications:push")
@subscriber_required
def add(request: SubscriberRequest) -> HttpResponse:
    """Take the subscription that the browser has made; the script asks, and reads a status."""
    sent = {name: request.POST.get(name, "") for name in ("endpoint", "p256dh", "auth", "key")}
    key = sent.pop("key")
    try:
        row = services.push_add(
            subscriber=request.subscriber,
            session=request.subscriber_session,
            browser=services.Browser(**sent, server_key=key),
        )
    except SubscriptionWrong:
        return JsonResponse({"status": "unknown"}, status=400)
    except services.KeyChanged:
        return JsonResponse({"status": "key"}, status=409)
    except (Subscriber.DoesNotExist, SubscriberSession.DoesNotExist):
        return JsonResponse({"status": "over"}, status=409)
    response = JsonResponse({"status": "on"})
    push_cookie_set(response, row)
    return response


@post_only("notifications:push")
@subscriber_required
def remove(request: SubscriberRequest, subscription_id: uuid.UUID) -> HttpResponse:
    try:
        services.push_remove(subscriber=request.subscriber, subscription_id=subscription_id)
    except PushSubscription.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("Больше не показываем уведомления в том браузере."))
    return redirect("notifications:push")
