from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cabinet.accounts.forms import AccountForm
from cabinet.accounts.lookup import AccountNotFound, LookupBlocked, assert_may_look_up
from cabinet.accounts.proofs import proofs_for
from cabinet.accounts.services import (
    AccountClosed,
    AlreadyLinked,
    ConsentPlace,
    account_link,
)
from cabinet.accounts.visitor import remember_visitor, visitor_of
from cabinet.accounts.wording import NOT_FOUND, Block
from cabinet.subscribers.consents.documents import Document, on_its_host
from cabinet.subscribers.consents.forms import ConsentField
from cabinet.subscribers.consents.selectors import consent_missing
from cabinet.subscribers.http import SubscriberRequest, subscriber_required
from cabinet.subscribers.kept_forms import kept_initial
from cabinet.subscribers.models import Subscriber
from portal.addresses import client_address
from portal.limits import CountersDown
from tenants.models import GasCompany
from tenants.schemas import in_company
from tenants.selectors import companies_served, company_can_serve


class LinkForm(AccountForm):
    """Account and proof. The proof of the only way that there is; ACCOUNTS lets the person choose."""

    def __init__(self, *args: Any, subscriber: Subscriber, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proof = proofs_for(GasCompany.Kind.GAS)[0]
        self.fields[self.proof.field] = forms.CharField(
            label=self.proof.label,
            help_text=self.proof.hint,
            max_length=50,
            error_messages={"required": _("Укажите номер счётчика.")},
        )
        self._consent_name = ""
        company = self.asked_company
        if company and company_can_serve(company):
            self._ask_consent(subscriber, company)

    def _ask_consent(self, subscriber: Subscriber, company: GasCompany) -> None:
        """Of a company that the person has given none to: registering was for one company alone."""
        with in_company(company):
            document = consent_missing(subscriber, company)
        if document is None:
            return
        # The name tells companies apart: the box of one is not ticked for another.
        self._consent_name = f"consent_{company.schema_name}"
        self.fields[self._consent_name] = ConsentField(
            on_its_host(document, company),
            required=_(
                "Этой компании вы согласия ещё не давали. Прочитайте его и отметьте, если согласны."
            ),
            help_text=company.name,
        )

    @property
    def consent(self) -> Document | None:
        """What a valid form has agreed to."""
        return self.cleaned_data.get(self._consent_name)


@subscriber_required
def manage(request: SubscriberRequest) -> HttpResponse:
    """Link an account of any region; what is linked already stands below, oldest first."""
    visitor = visitor_of(request)
    companies = [c for c in companies_served() if proofs_for(c.kind)]
    form = LinkForm(
        request.POST or None,
        initial=kept_initial(request),
        companies=companies,
        here=request.tenant,
        subscriber=request.subscriber,
    )
    context: dict[str, Any] = {
        "form": form,
        "blocked": None,
        "counters_down": False,
        "not_here": request.tenant not in companies,
    }
    try:
        assert_may_look_up(visitor)
        if request.method == "POST" and form.is_valid():
            company = form.chosen_company
            if not company_can_serve(company):
                raise CountersDown
            link = account_link(
                subscriber=request.subscriber,
                company=company,
                region=form.cleaned_data["region"],
                account_number=form.cleaned_data["account_number"],
                initials=form.cleaned_data["initials"],
                proof_code=form.proof.code,
                proof_answer=form.cleaned_data[form.proof.field],
                visitor=visitor,
                consent=form.consent,
                place=ConsentPlace(request.get_host(), client_address(request)[:45]),
            )
            messages.success(
                request,
                _("Лицевой счёт %(number)s привязан.") % {"number": link.account_number},
            )
            here = company == request.tenant
            return redirect("layout:information", link.pk) if here else redirect("accounts:manage")
    except AccountNotFound:
        form.add_error(None, NOT_FOUND)
    except AlreadyLinked:
        form.add_error("account_number", _("Этот лицевой счёт у вас уже привязан."))
    except AccountClosed:
        form.add_error("account_number", _("Этот лицевой счёт закрыт, привязать его нельзя."))
    except LookupBlocked as error:
        context["blocked"] = Block(error.seconds)
    except CountersDown:
        context["counters_down"] = True
    status = 503 if context["counters_down"] and request.method == "POST" else 200
    page = render(
        request,
        "cabinet/accounts/manage.html",
        context,
        status=status,
    )
    return remember_visitor(page, visitor)
