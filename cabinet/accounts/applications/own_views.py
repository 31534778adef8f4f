"""Pages of applications by somebody who is logged in: the form and the answer, for any company."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.accounts.applications.forms import ApplicantForm
from cabinet.accounts.applications.own import (
    TooManyApplications,
    application_apply,
    application_own,
)
from cabinet.accounts.applications.services import AlreadyWaiting
from cabinet.accounts.forms import AccountForm
from cabinet.accounts.linking.drafts import draft_account, draft_of
from cabinet.accounts.links.services import AlreadyLinked
from cabinet.subscribers.consents.documents import ConsentField, Document, on_its_host
from cabinet.subscribers.consents.services import consent_missing
from cabinet.subscribers.form_recovery import recovered_initial
from cabinet.subscribers.http import SubscriberRequest, subscriber_required
from cabinet.subscribers.models import Subscriber
from portal.http.addresses import RequestOrigin
from portal.limits import CountersDown
from tenants.models import GasCompany
from tenants.schemas import in_company
from tenants.selectors import company_can_serve

KINDS = frozenset(map(str, GasCompany.Kind.values))
_GIVEN = (
    *("address", "account_number", "last_name", "first_name", "patronymic", "phone"),
    *("document_kind", "document_number", "document_date"),
)


class OwnApplicationForm(ApplicantForm, AccountForm):
    """The application of somebody logged in: also region and company, and the consent if it is missing."""

    initials = None  # type: ignore[assignment] # the names say them

    def __init__(self, *args: Any, subscriber: Subscriber, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["address"].help_text = gettext_lazy(
            "Дома или квартиры с этим лицевым счётом: город, улица, дом, квартира."
        )
        self.order_fields(["region", "company", "account_number", *_GIVEN])
        company = self.asked_company
        self._consent_name = ""
        if company and company_can_serve(company):
            self._ask_consent(subscriber, company)

    def _ask_consent(self, subscriber: Subscriber, company: GasCompany) -> None:
        with in_company(company):
            document = consent_missing(subscriber, company)
        if document:
            # The name tells companies apart: the box of one is not ticked for another.
            self._consent_name = f"consent_{company.schema_name}"
            required = _("Чтобы подать заявку, нужно согласие. Прочитайте его и отметьте.")
            self.fields[self._consent_name] = ConsentField(
                on_its_host(document, company), required=required, help_text=company.name
            )

    @property
    def consent(self) -> Document | None:
        return self.cleaned_data.get(self._consent_name)

    @property
    def fields_given(self) -> dict[str, Any]:
        """Return the fields of the application's row."""
        return {name: self.cleaned_data[name] for name in _GIVEN}

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the fields in groups of a few, each with its heading."""
        account = [name for name in ("region", "company") if name in self.fields]
        groups = [
            (_("Лицевой счёт"), [*account, "account_number", "address"]),
            (_("Кто подаёт заявку"), ["last_name", "first_name", "patronymic", "phone"]),
            (_("Документ на помещение"), ["document_kind", "document_number", "document_date"]),
        ]
        return [(title, [self[name] for name in names]) for title, names in groups]

    @property
    def consents(self) -> list[forms.BoundField]:
        return [self[self._consent_name]] if self._consent_name else []


@subscriber_required
def apply(request: SubscriberRequest) -> HttpResponse:
    """Ask an operator of any company for an account, where no proof is left (`draft`: of the wizard)."""
    form = OwnApplicationForm(
        request.POST or None,
        initial=_initial(request) | recovered_initial(request),
        kinds=KINDS,
        here=request.tenant,
        subscriber=request.subscriber,
    )
    if request.method == "POST" and form.is_valid():
        answer = _applied(request, form)
        if answer:
            return answer
    return render(request, "cabinet/accounts/applications/apply.html", {"form": form})


def _applied(request: SubscriberRequest, form: OwnApplicationForm) -> HttpResponse | None:
    """Send a valid form and lead to the application, or an earlier one; None where the form says an error."""
    company = form.chosen_company
    try:
        if company != request.tenant and not company_can_serve(company):
            raise CountersDown
        application = application_apply(
            subscriber=request.subscriber,
            company=company,
            region=form.cleaned_data["region"],
            fields=form.fields_given,
            consent=form.consent,
            origin=RequestOrigin.of(request),
        )
    except AlreadyWaiting as earlier:
        application = earlier.waiting
    except AlreadyLinked:
        form.add_error("account_number", _("Этот лицевой счёт у вас уже привязан."))
        return None
    except TooManyApplications:
        form.add_error(
            None, _("Сегодня вы отправили уже пять заявок. Следующую можно подать завтра.")
        )
        return None
    except CountersDown:
        form.add_error(None, _("Сейчас заявку отправить не получается. Попробуйте через полчаса."))
        return None
    return redirect("accounts:applied", company.schema_name, application.pk)


@subscriber_required
def applied(request: SubscriberRequest, schema_name: str, application_id: UUID) -> HttpResponse:
    """Show what has become of an application of one's own."""
    own = application_own(request.subscriber, schema_name, application_id)
    if own is None:
        raise Http404
    return render(request, "cabinet/accounts/applications/own.html", {"own": own})


def _initial(request: SubscriberRequest) -> dict[str, Any]:
    """Return what is known already: of the wizard's draft, of the address, of the person."""
    asked = {
        "region": request.GET.get("region", ""),
        "company": request.GET.get("company", ""),
        "account_number": request.GET.get("number", ""),
    }
    known = {name: value for name, value in asked.items() if value}
    return {"phone": request.subscriber.phone or "", **_of_draft(request), **known}


def _of_draft(request: SubscriberRequest) -> dict[str, Any]:
    try:
        draft = draft_of(request.subscriber, UUID(request.GET.get("draft", "")))
    except ValueError:
        return {}
    return draft_account(draft) if draft else {}
