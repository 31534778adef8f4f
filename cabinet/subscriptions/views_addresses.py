"""The window of an address for bills, and the link of the letter that confirms it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from limits import RateLimitItemPerDay, RateLimitItemPerHour

from cabinet.accounts.models import PersonalAccount
from cabinet.notifications.models import MailAddress
from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.http import SubscriberRequest, subscriber_required
from cabinet.subscribers.models import AccountLink, Subscriber
from cabinet.subscriptions import addresses as services
from cabinet.subscriptions.forms import BillsAddressForm
from cabinet.subscriptions.models import Subscription
from cabinet.subscriptions.selectors import bills_subscription
from cabinet.subscriptions.services import NothingMoreToSend
from cabinet.subscriptions.views import link_of
from portal.limits import RateLimit, spend_all
from tenants.http import TenantRequest
from tenants.schemas import in_company
from tenants.selectors import company_can_serve

# The address may be anybody's, so letters to it are limited too.
BY_PERSON = RateLimit("bills-address", RateLimitItemPerHour(6))
BY_TARGET = (
    RateLimit("bills-address-target", RateLimitItemPerHour(4)),
    RateLimit("bills-address-target", RateLimitItemPerDay(10)),
)


@subscriber_required
def bills_address(request: SubscriberRequest, any_link_id: UUID) -> HttpResponse:
    """Ask where the bills of an account go, and save it (figure 23).

    The account may be of any company; raises Http404 as its switch does.
    """
    link = link_of(request, any_link_id)
    if not company_can_serve(link.company):
        messages.warning(request, _("Сайт этой компании сейчас закрыт. Попробуйте позже."))
        return redirect("subscriptions:page")
    with in_company(link.company):
        account = get_object_or_404(PersonalAccount, account_number=link.account_number)
        bills = bills_subscription(request.subscriber.pk, account)
    initial = {
        "email": _offered(request, bills),
        "bills_as": bills.bills_as if bills else Subscription.BillsAs.FILE,
    }
    form = BillsAddressForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _saved(request, link, form):
        return redirect("subscriptions:page")
    context = {"form": form, "link": link, "is_on": bills is not None}
    return render(request, "cabinet/subscriptions/bills_address.html", context)


@subscriber_required
def bills_address_resend(request: SubscriberRequest, any_link_id: UUID) -> HttpResponse:
    """Send the letter of confirmation once more."""
    link = link_of(request, any_link_id)
    if request.method != "POST" or not company_can_serve(link.company):
        return redirect("subscriptions:page")
    with in_company(link.company):
        account = get_object_or_404(PersonalAccount, account_number=link.account_number)
        bills = bills_subscription(request.subscriber.pk, account)
        if bills is None or bills.wanted_address is None:
            return redirect("subscriptions:page")
        address = bills.wanted_address.address
        if not _may_write(request, address):
            messages.warning(request, _("Слишком много писем. Попробуйте позже."))
            return redirect("subscriptions:page")
        try:
            services.bills_address_resend(
                subscriber=request.subscriber, account=account, company=link.company
            )
        except services.TooSoon:
            messages.warning(
                request, _("Мы только что отправили письмо. Повторить можно через минуту.")
            )
        except (MailAddress.DoesNotExist, Subscriber.DoesNotExist):
            pass  # confirmed, switched off or deleted at the same moment
        else:
            messages.success(request, _written(address))
    return redirect("subscriptions:page")


@never_cache
def address_confirm(request: TenantRequest, secret: str) -> HttpResponse:
    """Confirm by a letter's link, without a login: it may be read elsewhere, by somebody else.

    A GET only shows the button, because mail scanners open links too.
    """
    template = "cabinet/subscriptions/address_confirm.html"
    is_done = request.method == "POST"
    try:
        row = services.address_confirm(secret) if is_done else services.address_of_link(secret)
    except services.LinkExpired:
        return render(request, template, {"state": "expired"}, status=410)
    state = "done" if is_done or row.confirmed_at else "ask"
    return render(request, template, {"state": state, "address": row.address})


def _offered(request: SubscriberRequest, bills: Subscription | None) -> str:
    """Return the address that the window shows: the one in force, or else the login's."""
    chosen = bills and (bills.wanted_address or bills.address)
    return chosen.address if chosen else request.subscriber.email or ""


def _saved(request: SubscriberRequest, link: AccountLink, form: BillsAddressForm) -> bool:
    person, address = request.subscriber, form.cleaned_data["email"]
    with in_company(link.company):
        account = get_object_or_404(PersonalAccount, account_number=link.account_number)
        is_asked = services.bills_address_needs_letter(subscriber=person, address=address)
        if is_asked and not _may_write(request, address):
            form.add_error(None, _("Слишком много попыток. Попробуйте позже."))
            return False
        try:
            services.bills_address_set(
                subscriber=person,
                account=account,
                address=address,
                company=link.company,
                bills_as=form.cleaned_data["bills_as"],
            )
        except services.TooSoon:
            form.add_error(
                None,
                _("Мы только что отправили письмо на этот адрес. Повторить можно через минуту."),
            )
            return False
        except NothingMoreToSend:
            form.add_error(None, _("Лицевой счёт закрыт: квитанций по нему больше не будет."))
            return False
        except Subscriber.DoesNotExist as error:
            raise Http404 from error
    said = _("Квитанции по счёту %(number)s будут приходить на %(email)s.")
    names = {"number": link.account_number, "email": address}
    messages.success(request, _written(address) if is_asked else said % names)
    return True


def _written(address: str) -> str:
    text = _(
        "Мы отправили письмо на %(email)s. Перейдите по ссылке из письма и нажмите «Подтвердить»."
    )
    return text % {"email": address}


def _may_write(request: SubscriberRequest, address: str) -> bool:
    target = Contact("email", address).key
    by_target = [(limit, target) for limit in BY_TARGET]
    return spend_all((BY_PERSON, str(request.subscriber.pk)), *by_target)
