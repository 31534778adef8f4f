"""The list of a person's logins, and ending them."""

from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cabinet.subscribers.http import SubscriberRequest, post_only, subscriber_required
from cabinet.subscribers.models import SubscriberSession
from cabinet.subscribers.sessions import sessions_end, subscriber_lock
from portal.http.devices import device_in_words
from tenants.models import Domain, host_for_people, normalise_host


@dataclass(frozen=True)
class Login:
    """A row of the list: addresses are not looked up on a map."""

    session: SubscriberSession
    device: str
    site: str
    company_name: str
    is_this: bool


def logins_of(request: SubscriberRequest) -> list[Login]:
    """Return the person's live sessions on all hosts, this one first, then the latest seen."""
    sessions = list(SubscriberSession.objects.live(request.subscriber))
    hosts = {session.host: normalise_host(session.host) for session in sessions}
    domains = Domain.objects.filter(domain__in=hosts.values()).select_related("tenant")
    names = {domain.domain: domain.tenant.name for domain in domains}
    logins = [
        Login(
            session=session,
            device=device_in_words(session.device),
            site=host_for_people(hosts[session.host]),
            company_name=names.get(hosts[session.host], ""),
            is_this=session.pk == request.subscriber_session.pk,
        )
        for session in sessions
    ]
    return sorted(logins, key=lambda login: not login.is_this)


@subscriber_required
def session_list(request: SubscriberRequest) -> HttpResponse:
    context = {"logins": logins_of(request)}
    return render(request, "cabinet/subscribers/settings/sessions.html", context)


@post_only("subscribers:sessions")
@subscriber_required
def session_close(request: SubscriberRequest, session_id: int) -> HttpResponse:
    session = get_object_or_404(SubscriberSession, pk=session_id, subscriber=request.subscriber)
    if session.pk == request.subscriber_session.pk:
        return redirect("subscribers:sessions")
    session.delete()
    messages.success(request, _("Вы вышли на том устройстве. Там снова понадобится пароль."))
    return redirect("subscribers:sessions")


@post_only("subscribers:sessions")
@subscriber_required
def sessions_close_others(request: SubscriberRequest) -> HttpResponse:
    with transaction.atomic():
        subscriber_lock(request.subscriber.pk)
        count = sessions_end(subscriber=request.subscriber, but=request.subscriber_session)
    said = ngettext("Вы вышли на %(n)d устройстве.", "Вы вышли на %(n)d устройствах.", count) % {
        "n": count
    }
    messages.success(request, said if count else _("На других устройствах вход не выполнен."))
    return redirect("subscribers:sessions")
