"""What a guest is asked for, by the kind of company: a gas company's account, or a fund's by its number."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cabinet.accounts import typed
from cabinet.accounts.forms import AccountForm, TypedField
from cabinet.accounts.proofs import CarefulQuestion, careful_questions
from tenants.models import GasCompany


class GasAccountForm(AccountForm):
    """Region, number and initials; with `question`, one more about an account that is guessed at."""

    def __init__(
        self, *args: Any, here: GasCompany, question: CarefulQuestion | None = None, **kwargs: Any
    ) -> None:
        kinds = frozenset({str(GasCompany.Kind.GAS)})
        super().__init__(*args, kinds=kinds, here=here, **kwargs)
        asked = (one for one in careful_questions(GasCompany.Kind.GAS) if self.data.get(one.field))
        self.question = question or next(asked, None)
        if self.question:
            self.fields[self.question.field] = TypedField(
                self.question.read,
                label=self.question.label,
                help_text=self.question.hint,
                widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
            )
        empty = "initials" if self.initial.get("account_number") else "account_number"
        if not self.is_bound and not self.initial.get("initials"):
            self.fields[empty].widget.attrs |= {"autofocus": True, "data-focus": True}
        tail = [self.question.field] if self.question else []
        self.order_fields(["region", "company", "account_number", "initials", *tail])

    @property
    def initials_typed(self) -> str | None:
        return str(self.cleaned_data["initials"])

    @property
    def careful_answer(self) -> str:
        return str(self.cleaned_data.get(self.question.field, "")) if self.question else ""


class FundAccountForm(forms.Form):
    """The number alone, of an account of this host's fund (manual 2, 3.2)."""

    account_number = TypedField(
        typed.account_number,
        label=_("Номер лицевого счёта"),
        help_text=_("Напечатан вверху квитанции"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    initials_typed: str | None = None
    question: CarefulQuestion | None = None
    careful_answer = ""

    def __init__(
        self, *args: Any, here: GasCompany, question: CarefulQuestion | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.chosen_company = here


GuestForm = GasAccountForm | FundAccountForm
FORMS: dict[str, type[GuestForm]] = {
    GasCompany.Kind.GAS: GasAccountForm,
    GasCompany.Kind.CAPITAL_REPAIR: FundAccountForm,
}
