"""Forms of the linking wizard, one a step. Names of fields are unique over all steps."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from cabinet.accounts import typed
from cabinet.accounts.forms import LongSelect, TypedField, proof_field
from cabinet.accounts.proofs import Proof
from cabinet.subscribers.consents.documents import ConsentField, Document
from tenants.models import GasCompany
from tenants.selectors import company_can_serve

NOTHING = "nothing"  # the choice of somebody who has none of what the proofs ask for


class RegionForm(forms.Form):
    """The region of the account; that of this host's company is chosen already."""

    region = forms.ChoiceField(
        label=_("Регион"),
        widget=LongSelect,
        error_messages={
            "required": _("Выберите регион лицевого счёта."),
            "invalid_choice": _(
                "Сейчас этого региона в списке нет. Выберите другой или зайдите позже."
            ),
        },
    )

    def __init__(
        self, *args: Any, regions: dict[str, list[GasCompany]], here: GasCompany, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._regions, self._here = regions, here
        field = self.fields["region"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 — tells mypy the class
        field.choices = [(name, name) for name in regions]

    def clean_region(self) -> str:
        region = str(self.cleaned_data["region"])
        if len(self._regions[region]) == 1:
            _assert_serves(self._regions[region][0], self._here)
        return region

    def summary(self) -> dict[str, Any]:
        return {"label": self["region"].label, "value": self["region"].value()}


class CompanyForm(forms.Form):
    """The company, where the region has several."""

    company = forms.ChoiceField(
        label=_("Компания"),
        widget=forms.RadioSelect,
        help_text=_("В этом регионе их несколько. Название вашей стоит в квитанции."),
        error_messages={"required": _("Выберите компанию: её название стоит в квитанции.")},
    )

    def __init__(
        self, *args: Any, companies: list[GasCompany], here: GasCompany, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._companies, self._here = companies, here
        field = self.fields["company"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [(company.schema_name, company.name) for company in companies]

    def clean_company(self) -> str:
        chosen = str(self.cleaned_data["company"])
        _assert_serves(next(c for c in self._companies if c.schema_name == chosen), self._here)
        return chosen

    def summary(self) -> dict[str, Any]:
        chosen = self["company"].value()
        name = next(one.name for one in self._companies if one.schema_name == chosen)
        return {"label": self["company"].label, "value": name}


def _assert_serves(company: GasCompany, here: GasCompany) -> None:
    """Raise ValidationError while a company other than this host's cannot be asked."""
    if company != here and not company_can_serve(company):
        raise ValidationError(_t("Эта компания сейчас недоступна. Попробуйте через полчаса."))


class NumberForm(forms.Form):
    account_number = TypedField(
        typed.account_number,
        label=_("Номер лицевого счёта"),
        help_text=_("Напечатан вверху квитанции"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def summary(self) -> dict[str, Any]:
        return {"label": self["account_number"].label, "value": self["account_number"].value()}


class InitialsForm(forms.Form):
    initials = TypedField(
        typed.initials,
        label=_("Первые буквы ФИО"),
        help_text=_("Как в квитанции: Абрамов Борис Васильевич — АБВ"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def summary(self) -> dict[str, Any]:
        return {"label": self["initials"].label, "value": self["initials"].value()}


class MethodForm(forms.Form):
    """The way to prove the account, and the answer to it.

    Every way's field is on the page: scripts are not needed, and what was typed into one stays when another
    is chosen.
    """

    proof = forms.ChoiceField(
        label=_("Способ привязки"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Выберите, что у вас есть под рукой.")},
    )

    def __init__(self, *args: Any, proofs: list[Proof], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proofs = {proof.code: proof for proof in proofs}
        field = self.fields["proof"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [
            *((proof.code, proof.label) for proof in proofs),
            (NOTHING, _t("Ничего из этого нет")),
        ]
        for proof in proofs:
            self.fields[proof.field] = proof_field(proof)

    def clean(self) -> dict[str, Any]:
        """Forget what is wrong with answers that were not chosen: they are not sent."""
        data = super().clean() or {}
        for proof in self.proofs.values():
            if proof.code != data.get("proof") and self.has_error(proof.field):
                del self.errors[proof.field]
        return data

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        """Return each choice with the bound field of its answer; None where nothing is asked."""
        fields = [self[proof.field] for proof in self.proofs.values()]
        return list(zip(self["proof"], [*fields, None], strict=True))

    @property
    def answer(self) -> str:
        """Return what was answered to the chosen proof of a valid form."""
        proof = self.proofs[self.cleaned_data["proof"]]
        return str(self.cleaned_data[proof.field])

    def summary(self) -> dict[str, Any]:
        """Return the chosen way with its answer as it was typed."""
        proof = self.proofs.get(str(self["proof"].value()))
        if proof is None:
            return {"label": self["proof"].label, "value": _t("Ничего из этого нет")}
        return {"label": proof.label, "value": self[proof.field].value(), "proof": proof}


class ConsentForm(forms.Form):
    """The consent of the account's company; the page asks for a tick that is missing without an error."""

    def __init__(self, *args: Any, document: Document, company: GasCompany, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consent"] = ConsentField(document, help_text=company.name)
