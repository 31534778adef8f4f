"""Pages about one linked account of any company: name, end, dispute (manual 1, 2.1.5.1.2)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from cabinet.accounts.links.disputes import (
    AlreadyDisputed,
    NobodyElse,
    can_dispute,
    dispute_of,
    link_dispute,
    other_holders,
)
from cabinet.accounts.links.ending import CompanyClosed, LinkHeld, link_end
from cabinet.accounts.links.forms import DisputeForm, NameForm
from cabinet.accounts.links.listed import others_said
from cabinet.accounts.links.services import link_rename
from cabinet.subscribers.form_recovery import recovered_initial
from cabinet.subscribers.http import SubscriberRequest, subscriber_required
from cabinet.subscribers.models import AccountLink
from cms_pages.selectors import company_phone
from portal.secrets import SignedToken
from tenants.schemas import in_company
from tenants.selectors import company_can_serve

# That the person was asked about this link: «Да» in a second tab finds it gone, and is no stranger's.
_asked = SignedToken("cabinet.accounts.unlink")


@subscriber_required
def name(request: SubscriberRequest, any_link_id: UUID) -> HttpResponse:
    """Ask what the person calls the account, and keep it."""
    link = _own_link(request, any_link_id)
    posted = request.POST if request.method == "POST" else None
    form = NameForm(posted, initial={"label": link.label} | recovered_initial(request))
    if not form.is_valid():
        return _page(request, "name", {"link": link, "form": form})
    label = form.cleaned_data["label"]
    link_rename(link=link, label=label)
    text = _("Название «%(label)s» сохранено.") if label else _("Название убрано.")
    messages.success(request, text % {"label": label})
    return redirect("accounts:manage")


@subscriber_required
def unlink(request: SubscriberRequest, any_link_id: UUID) -> HttpResponse:
    """Ask whether to take the account out of the cabinet, and do so after «Да»."""
    person = str(request.subscriber.pk)
    if _asked.read(request.POST.get("asked", "")) == [str(any_link_id), person]:
        found = request.subscriber.account_links.filter(pk=any_link_id)
        if not found.exists():
            messages.info(request, _("Этот лицевой счёт уже отвязан."))
            return redirect("accounts:manage")
    link = _own_link(request, any_link_id)
    held = ""
    if request.method == "POST":
        try:
            link_end(link=link)
        except CompanyClosed:
            return _closed(request, link)
        except LinkHeld as error:
            held = error.text
        else:
            text = _("Лицевой счёт %(number)s отвязан.")
            if link.delegation_id:
                text = _("Вы отказались от доступа к лицевому счёту %(number)s.")
            messages.success(request, text % {"number": link.account_number})
            return redirect("accounts:manage")
    context = {
        "link": link,
        "held": held,
        "asked": _asked.make([str(link.pk), person]),
        "delegates": link.delegations.filter(
            accepted_at__isnull=False, ended_at__isnull=True
        ).count(),
    }
    return _page(request, "unlink", context)


@subscriber_required
def dispute(request: SubscriberRequest, any_link_id: UUID) -> HttpResponse:
    """Ask for a report that others should not have the account, and hand it to operators.

    Raises Http404 for a delegate's link and for one that waits for a proof.
    """
    link = _own_link(request, any_link_id)
    if not can_dispute(link):
        raise Http404
    if not company_can_serve(link.company):
        return _closed(request, link)
    posted = request.POST if request.method == "POST" else None
    form = DisputeForm(posted, initial=recovered_initial(request))
    with in_company(link.company):
        if form.is_valid():
            try:
                link_dispute(link=link, text=form.cleaned_data["text"])
            except AlreadyDisputed:
                messages.info(request, _("Ваше обращение уже на рассмотрении."))
                return redirect("accounts:manage")
            except NobodyElse:
                pass  # the page says so
            else:
                text = _("Обращение отправлено. Оператор проверит, кто привязал счёт %(number)s.")
                messages.success(request, text % {"number": link.account_number})
                return redirect("accounts:manage")
        context = {
            "link": link,
            "form": form,
            "others_said": others_said(other_holders(link).count()),
            "dispute": dispute_of(link),
            "phone": company_phone(),
        }
    return _page(request, "dispute", context)


def _own_link(request: SubscriberRequest, pk: UUID) -> AccountLink:
    """Return a link of this person, in whatever company; Http404 for anybody else's."""
    links = request.subscriber.account_links.in_force().select_related("company", "delegation")
    return get_object_or_404(links.prefetch_related("company__domains"), pk=pk)


def _closed(request: SubscriberRequest, link: AccountLink) -> HttpResponse:
    text = _("Сайт «%(company)s» сейчас закрыт, поэтому ничего не изменилось. Попробуйте позже.")
    messages.warning(request, text % {"company": link.company.name})
    return redirect("accounts:manage")


def _page(request: SubscriberRequest, page: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, f"cabinet/accounts/links/{page}.html", context)
