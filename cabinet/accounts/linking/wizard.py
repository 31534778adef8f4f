"""The linking wizard (manual 1, 2.1.5.1.1): a page a step, at the address of its draft.

Every POST is stored and answered by a redirect, a wrong one too: the page that follows shows the stored
answers and what is wrong with them, so that reloading and going back are safe. formtools keeps the order of
the steps, their conditions and their forms.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from formtools.wizard.views import NamedUrlWizardView

from cabinet.accounts.linking import forms, problems
from cabinet.accounts.linking.drafts import draft_finish, draft_linked, draft_of, draft_start
from cabinet.accounts.links.services import AlreadyLinked, account_link, linkable_account
from cabinet.accounts.lookup import AccountNotFound, client_remember, lookup_client
from cabinet.accounts.proofs import Proof, proofs_for
from cabinet.subscribers.consents.documents import Document, on_its_host
from cabinet.subscribers.consents.services import consent_missing
from cabinet.subscribers.form_recovery import recovered_initial
from cabinet.subscribers.handoff.views import handoff_address
from cabinet.subscribers.http import SubscriberRequest
from cabinet.subscribers.models import AccountLink, LinkingDraft
from portal.formats.text import fold, number_key
from portal.http.addresses import RequestOrigin
from tenants.models import GasCompany
from tenants.schemas import in_company
from tenants.selectors import companies_by_region, company_can_serve

KINDS = frozenset(map(str, GasCompany.Kind.values))
# Steps whose answers say which account is meant: another answer makes an earlier problem void.
ACCOUNT_STEPS = ("region", "company", "number", "initials")
# Of each answer, in a draft: too long is still too long for every form.
STORED_SIGNS = 250

HEADINGS = {
    problems.NOT_FOUND: _lazy("Не нашли лицевой счёт"),
    problems.OPERATOR: _lazy("Привязать через оператора"),
}


def _asks_company(wizard: "LinkingWizard") -> bool:
    return len(wizard.companies) > 1


def _asks_consent(wizard: "LinkingWizard") -> bool:
    return wizard.document is not None


class LinkingWizard(NamedUrlWizardView):
    """The steps of one draft; the first step of a new one is the page «Управление» (`start`)."""

    request: SubscriberRequest
    template_name = "cabinet/accounts/linking/step.html"
    storage_name = "cabinet.accounts.linking.drafts.DraftStorage"
    form_list = [
        ("region", forms.RegionForm),
        ("company", forms.CompanyForm),
        ("number", forms.NumberForm),
        ("initials", forms.InitialsForm),
        ("method", forms.MethodForm),
        ("consent", forms.ConsentForm),
    ]
    condition_dict = {"company": _asks_company, "consent": _asks_consent}

    # --- what the answers so far say --------------------------------------------------------------------

    @property
    def here(self) -> GasCompany:
        return self.request.tenant

    @cached_property
    def regions(self) -> dict[str, list[GasCompany]]:
        return companies_by_region(KINDS)

    @property
    def home_region(self) -> str:
        """Return the region of this host's company."""
        return next((name for name, some in self.regions.items() if self.here in some), "")

    @property
    def companies(self) -> list[GasCompany]:
        """Return the companies of the chosen region; before that of this host's, to count the steps."""
        return self.regions.get(self.answers("region").get("region", self.home_region), [])

    @property
    def company(self) -> GasCompany | None:
        """Return the company of the account, or None while it has to be chosen."""
        companies = self.companies
        chosen = self.answers("company").get("company") if len(companies) > 1 else None
        fitting = [one for one in companies if len(companies) == 1 or one.schema_name == chosen]
        return next(iter(fitting), None)

    @cached_property
    def document(self) -> Document | None:
        """Return the consent that the account's company still needs from this person."""
        company = self.company or (self.here if self.here in self.companies else None)
        if company is None or (company != self.here and not company_can_serve(company)):
            return None
        with in_company(company):
            document = consent_missing(self.request.subscriber, company)
        return on_its_host(document, company) if document else None

    def answers(self, step: str) -> dict[str, Any]:
        """Return the cleaned answers of a step, none where it is not valid."""
        return self.get_cleaned_data_for_step(step) or {}

    def proofs(self) -> list[Proof]:
        """Return the ways to prove the account that have not been refused for it."""
        proofs = proofs_for(self.company.kind) if self.company else []
        offered = self.storage.extra_data.get("offered")
        return [proof for proof in proofs if offered is None or proof.code in offered]

    def first_unanswered(self, step: str) -> str:
        """Return the first step up to this one that has no valid answer; else this, or the last one."""
        names = list(self.get_form_list())
        for name in names:
            if name == step or not self.answers(name):
                return str(name)
        return str(names[-1])

    # --- formtools --------------------------------------------------------------------------------------

    def get_prefix(self, request: SubscriberRequest, *args: Any, **kwargs: Any) -> str:
        """Return the draft's id: two tabs do not share answers."""
        return str(kwargs["draft_id"])

    def get_form_prefix(self, step: str | None = None, form: Any = None) -> None:
        """Leave the names of fields as they are."""

    def get_step_url(self, step: str) -> str:
        return reverse(self.url_name, args=[self.kwargs["draft_id"], step])

    def get_form_initial(self, step: str) -> dict[str, Any]:
        initial: dict[str, Any] = {"region": self.home_region} if step == "region" else {}
        if step == "company" and self.here in self.companies:
            initial = {"company": self.here.schema_name}
        if step == "method" and len(self.proofs()) == 1:
            initial = {"proof": self.proofs()[0].code}
        return initial | (recovered_initial(self.request) if step == self.steps.current else {})

    def get_form_kwargs(self, step: str | None = None) -> dict[str, Any]:
        if step == "region":
            return {"regions": self.regions, "here": self.here}
        if step == "company":
            return {"companies": self.companies, "here": self.here}
        if step == "method":
            return {"proofs": self.proofs()}
        if step == "consent":
            return {"document": self.document, "company": self.company}
        return {}

    def get_form_step_data(self, form: Form) -> dict[str, list[str]]:
        """Return what was typed into the step's own fields: nothing else that arrives is stored."""
        sent = self.request.POST
        return {name: [sent[name][:STORED_SIGNS]] for name in form.fields if name in sent}

    # --- requests ---------------------------------------------------------------------------------------

    def dispatch(self, request: SubscriberRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Open the draft of the address; without one this is «Управление», whose form starts one."""
        if "draft_id" in kwargs:
            draft = draft_of(request.subscriber, kwargs["draft_id"])
        elif request.method == "POST":
            draft = draft_start(request.subscriber, region="")
        else:
            draft = LinkingDraft(subscriber=request.subscriber)
        if draft is None:
            text = _("Начатая привязка хранится сутки. Начните, пожалуйста, сначала.")
            messages.info(request, text)
            return redirect("accounts:manage")
        if linked := draft_linked(draft):
            return self._to_account(AccountLink.objects.filter(pk=linked).first())
        request.linking_draft = draft  # type: ignore[attr-defined]
        self.kwargs = {"step": "region", **kwargs, "draft_id": draft.pk}
        self.client = lookup_client(request)
        response: HttpResponse = super().dispatch(request, *args, **self.kwargs)
        return client_remember(response, self.client)

    def get(self, request: SubscriberRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show a step, or lead to the first one before it that is not answered."""
        step = kwargs["step"]
        if step in problems.PAGES:
            return self._problem_page(step)
        self.storage.current_step = step
        open_step = self.first_unanswered(step)
        if open_step != step:
            return redirect(self.get_step_url(open_step))
        nothing = step == "consent" and self.answers("method")["proof"] == forms.NOTHING
        if nothing or (step == "method" and not self.proofs()):
            return redirect(self.get_step_url(problems.OPERATOR))
        recovered = bool(recovered_initial(request))
        form = self.get_form(data=None if recovered else self.storage.current_step_data)
        if step == "consent" and not form.is_valid():
            form = self.get_form()  # what is missing is said kindly, above
        if step in ("number", "initials") and not form.is_bound:
            only = next(iter(form.fields.values()))
            only.widget.attrs |= {"autofocus": True, "data-focus": True}
        page: HttpResponse = self.render(form)
        return page

    def post(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Store the answers of a step, and lead to the next one, or to the page that says what is wrong."""
        step = kwargs["step"]
        if step not in self.get_form_list():
            return redirect(self.get_step_url(self.first_unanswered(step)))
        self.storage.current_step = step
        form = self.get_form(data=self.request.POST)
        self._store(step, form)
        if not form.is_valid():
            return redirect(self.get_step_url(step))
        open_step = self.first_unanswered(step)
        if open_step != step:
            return redirect(self.get_step_url(open_step))
        if step in ACCOUNT_STEPS:
            own = self._own_link(fold) if step == "number" else None
            return self._already(own) if own else self.render_next_step(form)
        return self._prove()

    def _store(self, step: str, form: Form) -> None:
        before = self.storage.get_step_data(step)
        self.storage.set_step_data(step, self.process_step(form))
        extra = self.storage.extra_data
        extra.pop("problem", None)
        if step in ACCOUNT_STEPS and self.storage.get_step_data(step) != before:
            extra.pop("offered", None)
        # What was computed by the former answers.
        for name in list(self.__dict__):
            if name.startswith("_cleaned_data_cache_") or name in (
                "document",
                "_resolved_form_list",
            ):
                delattr(self, name)

    def _prove(self) -> HttpResponseBase:
        """Try the answer, and link if nothing else has to be asked; else lead to the next step."""
        method, company = self.answers("method"), self.company
        if company is None or method["proof"] == forms.NOTHING:
            return redirect(self.get_step_url(problems.OPERATOR))
        proof = next(one for one in self.proofs() if one.code == method["proof"])
        asked: dict[str, Any] = {
            "subscriber": self.request.subscriber,
            "company": company,
            "account_number": self.answers("number")["account_number"],
            "initials": self.answers("initials")["initials"],
            "proof_code": proof.code,
            "proof_answer": method[proof.field],
            "client": self.client,
        }
        try:
            if self.steps.next:
                with in_company(company):
                    linkable_account(**asked)
                return redirect(self.get_step_url(self.steps.next))
            return self._link(asked)
        except AlreadyLinked:
            return self._already(self._own_link(number_key))
        except problems.ERRORS as error:
            page = problems.note(self.storage.extra_data, error)
            if page != problems.NOT_FOUND:
                self._forget_refused()
            return redirect(self.get_step_url(page or "method"))

    def _forget_refused(self) -> None:
        """Leave no way chosen that is not offered any more."""
        offered = [proof.code for proof in self.proofs()]
        if self.answers("method").get("proof") not in offered:
            self.storage.data[self.storage.step_data_key].pop("method", None)

    def _link(self, asked: dict[str, Any]) -> HttpResponseBase:
        link = account_link(
            region=self.answers("region")["region"],
            consent=self.answers("consent").get("consent") if self.document else None,
            origin=RequestOrigin.of(self.request),
            **asked,
        )
        draft_finish(self.storage.draft, link.pk)
        text = _("Лицевой счёт %(number)s привязан.") % {"number": link.account_number}
        if link.company_id != self.here.pk:
            address, name = handoff_address(link, self.here), link.company.name
            there = format_html('<a href="{}">{} {}</a>', address, _("Открыть его на сайте"), name)
            text = format_html("{} {}", text, there)
        messages.success(self.request, text)
        return self._to_account(link)

    def _own_link(self, form: Callable[[str], str]) -> AccountLink | None:
        """Return the person's link of the account that is meant, numbers compared in a form of `text.py`."""
        number = form(self.answers("number")["account_number"])
        own = self.request.subscriber.account_links.holders().filter(company=self.company)
        return next((link for link in own if form(link.account_number) == number), None)

    def _already(self, link: AccountLink | None) -> HttpResponseBase:
        messages.info(self.request, _("Этот лицевой счёт у вас уже привязан."))
        return self._to_account(link)

    def _to_account(self, link: AccountLink | None) -> HttpResponseBase:
        """Lead to the account where it is this company's, else to the list of all."""
        if link and link.company_id == self.request.tenant.pk:
            return redirect("layout:information", link.pk)
        return redirect("accounts:manage")

    # --- pages ------------------------------------------------------------------------------------------

    def get_context_data(self, form: Form, **kwargs: Any) -> dict[str, Any]:
        step, extra = self.steps.current, self.storage.extra_data
        context: dict[str, Any] = super().get_context_data(form=form, **kwargs)
        is_first = step == "region"
        context |= {
            "heading": _("Управление лицевыми счетами") if is_first else _("Добавить лицевой счёт"),
            "typed": self._typed(until=step),
            "back_address": self.get_step_url(self.steps.prev) if self.steps.prev else "",
            # The box was not ticked, or the wording was replaced while the page was open.
            "consent_wanted": step == "consent"
            and not form.is_bound
            and self.storage.current_step_data is not None,
        }
        if step in ("method", "consent"):
            context |= problems.context_of(extra, self.company, self.client)
        return context

    def _problem_page(self, page: str) -> HttpResponseBase:
        """Show why there is no link yet, and all ways on."""
        extra = self.storage.extra_data
        context = problems.context_of(extra, self.company, self.client)
        is_missed = context["problem"] == AccountNotFound.__name__
        if self.company is None or (page == problems.NOT_FOUND and not is_missed):
            return redirect(self.get_step_url(self.first_unanswered("method")))
        self.template_name = f"cabinet/accounts/linking/{page.replace('-', '_')}.html"
        context |= {
            "heading": HEADINGS[page],
            "typed": self._typed(),
            "draft_id": self.storage.draft.pk,
            "method_address": self.get_step_url("method") if self.proofs() else "",
        }
        response: HttpResponse = self.render_to_response(context)
        return response

    def _typed(self, until: str = "") -> list[dict[str, Any]]:
        """Return what was typed in the steps before this one, with the address that changes it."""
        rows = []
        for step in self.get_form_list():
            if step in (until, "consent") or not self.answers(step):
                break
            form = self.get_form(step, data=self.storage.get_step_data(step))
            rows.append({"step": step, "address": self.get_step_url(step), **form.summary()})
        return rows
