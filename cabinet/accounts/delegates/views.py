"""Pages of delegates: the holder's list and invitations, and the page on which one is accepted."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from limits import RateLimitItemPerDay

from cabinet.accounts.access import AccountAccess, access_account, account_of
from cabinet.accounts.delegates import services
from cabinet.accounts.delegates.forms import AcceptForm, InviteForm
from cabinet.accounts.delegates.selectors import (
    contacts_of,
    delegations_given,
    invitation_of,
    invitations_for,
)
from cabinet.subscribers.consents.services import consent_missing
from cabinet.subscribers.contact_forms import asked_by
from cabinet.subscribers.contacts import Contact, contact_masked
from cabinet.subscribers.form_recovery import recovered_initial
from cabinet.subscribers.http import (
    CabinetRequest,
    SubscriberRequest,
    subscriber_required,
)
from cabinet.subscribers.models import Delegation
from portal.http.addresses import RequestOrigin
from portal.limits import RateLimit, spend_all
from portal.messaging.registry import channel_available

# The contact may be anybody's, so messages to it are limited over all hosts; an SMS costs the company.
BY_PERSON = RateLimit("delegate-invitation", RateLimitItemPerDay(5))
BY_ACCOUNT = RateLimit("delegate-invitation-account", RateLimitItemPerDay(5))
BY_TARGET = RateLimit("delegate-invitation-target", RateLimitItemPerDay(3))
SMS = RateLimit("delegate-invitation-sms", RateLimitItemPerDay(200))


@subscriber_required
def delegate_list(request: SubscriberRequest, link_id: UUID) -> HttpResponse:
    """List whom the person has let in to the account, and what they did."""
    access = access_account(request, link_id)
    given = list(delegations_given(access.link))
    shown = [one for one in given if one.is_open]
    context = {
        "access": access,
        "delegations": shown,
        "ended": [one for one in given if one not in shown],
        "is_full": len(shown) >= services.OPEN_AT_MOST,
    }
    return render(request, "cabinet/accounts/delegates/list.html", context)


@subscriber_required
def invite(request: SubscriberRequest, link_id: UUID) -> HttpResponse:
    access = access_account(request, link_id)
    form = InviteForm(
        request.POST if request.method == "POST" else None,
        by=asked_by(request),
        phone_offered=channel_available("sms"),
        subscriber=request.subscriber,
        initial=recovered_initial(request),
    )
    if request.method == "POST" and form.is_valid() and _invited(request, access, form):
        text = _("Приглашение отправлено: %(contact)s. Оно действует семь дней.")
        messages.success(request, text % {"contact": form.contact})
        return redirect("accounts:delegates", link_id)
    context = {"access": access, "form": form}
    return render(request, "cabinet/accounts/delegates/invite.html", context)


def _invited(request: SubscriberRequest, access: AccountAccess, form: InviteForm) -> bool:
    contact, company = form.contact, request.tenant
    if contact is None:
        return False
    budgets = [
        (BY_PERSON, str(request.subscriber.pk)),
        (BY_ACCOUNT, f"{company.schema_name}:{access.account.account_number}"),
        (BY_TARGET, contact.key),
    ]
    if contact.kind == "phone":
        budgets.append((SMS, company.schema_name))
    try:
        if not spend_all(*budgets):
            form.add_error(
                None, _("Сегодня отправить приглашение больше нельзя. Попробуйте завтра.")
            )
            return False
        services.delegation_invite(
            link=access.link,
            company=company,
            contact=contact,
            right=form.cleaned_data["right"],
            ends_on=form.cleaned_data["ends_on"],
        )
    except services.AlreadyInvited:
        text = _("У этого человека уже есть доступ. Чтобы изменить его, сначала закройте прежний.")
        form.add_error(contact.kind, text)
    except services.TooManyDelegates:
        text = _("Доверенных лиц может быть не больше пяти. Закройте чей-нибудь доступ.")
        form.add_error(None, text)
    return form.is_valid()


@subscriber_required
def end(request: SubscriberRequest, link_id: UUID, delegation_id: UUID) -> HttpResponse:
    """Ask the holder whether to end an access or an invitation, and do so after «Да»."""
    access = access_account(request, link_id)
    given = Delegation.objects.filter(owner_link=access.link)
    delegation = get_object_or_404(given, pk=delegation_id)
    if request.method == "POST" or delegation.ended_at:
        services.delegation_end(
            delegation=delegation,
            company=request.tenant,
            what=services.What.ENDED_BY_OWNER,
        )
        text = _("Доступ закрыт.") if delegation.accepted_at else _("Приглашение отозвано.")
        messages.success(request, text)
        return redirect("accounts:delegates", link_id)
    context = {"access": access, "delegation": delegation}
    return render(request, "cabinet/accounts/delegates/end.html", context)


@never_cache
def invitation(request: CabinetRequest, secret: str) -> HttpResponse:
    """Show an invitation by a letter's link. A GET changes nothing: mail scanners open links too.

    Without a login it names no account: the letter may have gone astray.
    """
    found = invitation_of(secret)
    if found is None or found.company_id != request.tenant.pk:
        return _over(request)
    if request.subscriber is not None:
        return _answered(request, found)  # type: ignore[arg-type]
    if not found.is_open or found.accepted_at:
        return _over(request)
    return _page(request, {"state": "login", "delegation": found, "next": request.path})


@never_cache
@subscriber_required
def invitation_own(request: SubscriberRequest, delegation_id: UUID) -> HttpResponse:
    """Show an invitation to a person who has its contact: «Управление» leads here after a registration."""
    waiting = invitations_for(request.subscriber).filter(company=request.tenant)
    found = waiting.filter(pk=delegation_id).first()
    if found is None:
        raise Http404
    return _answered(request, found)


def _answered(request: SubscriberRequest, found: Delegation) -> HttpResponse:
    """Show an invitation to somebody who is logged in, or accept it."""
    mine = found.contact in {contact.value for contact in contacts_of(request.subscriber)}
    if known := request.subscriber.account_links.in_force().filter(delegation=found).first():
        return redirect("layout:information", known.pk)
    if not found.is_open or found.accepted_at or found.owner_link is None:
        return _over(request)
    if not mine:
        return _page(request, {"state": "other", "delegation": found})
    holds = request.subscriber.account_links.holders_of(request.tenant, found.account_number)
    if holds.filter(unconfirmed_since=None).exists():
        return _page(request, {"state": "holder", "delegation": found})
    document = consent_missing(request.subscriber, request.tenant)
    form = AcceptForm(request.POST if request.method == "POST" else None, document=document)
    if request.method == "POST" and form.is_valid():
        if response := _accepted(request, found, form):
            return response
        return _over(request)
    context = {"state": "ask", "delegation": found, "form": form}
    return _page(request, context | {"account": account_of(found.owner_link)})


def _accepted(
    request: SubscriberRequest, found: Delegation, form: AcceptForm
) -> HttpResponse | None:
    try:
        link = services.delegation_accept(
            delegation=found,
            subscriber=request.subscriber,
            company=request.tenant,
            consent=form.consent,
            origin=RequestOrigin.of(request),
        )
    except (services.InvitationOver, services.InvitationOfOther):
        return None
    except services.HolderAlready:
        return _page(request, {"state": "holder", "delegation": found})
    text = _("Приглашение принято. Теперь этот лицевой счёт открыт в вашем кабинете.")
    messages.success(request, text)
    return redirect("layout:information", link.pk)


def _page(request: CabinetRequest | SubscriberRequest, context: dict[str, Any]) -> HttpResponse:
    found = context["delegation"]
    inviter = found.owner_link.subscriber if found.owner_link else None
    context |= {
        "inviter": contact_masked(Contact.of(inviter).value) if inviter else "",
        "contact": contact_masked(found.contact),
        "is_email": "@" in found.contact,
    }
    return _rendered(request, context)


def _over(request: CabinetRequest | SubscriberRequest) -> HttpResponse:
    return _rendered(request, {"state": "over"}, status=410)


def _rendered(
    request: CabinetRequest | SubscriberRequest, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    frame = "cabinet/base.html" if request.subscriber else "base.html"
    template = "cabinet/accounts/delegates/invitation.html"
    return render(request, template, context | {"frame": frame}, status=status)
