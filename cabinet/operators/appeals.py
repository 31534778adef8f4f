"""Appeals of an account: what was written about it, and what an operator writes down by telephone."""

from typing import Any
from uuid import UUID, uuid5

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from cabinet.accounts.links.holders import links_shown
from cabinet.accounts.models import PersonalAccount
from cabinet.appeals.kinds.forms import AppealForm, typed_in
from cabinet.appeals.kinds.selectors import kind_offered, kinds_offered
from cabinet.appeals.lifecycle.opening import appeal_open
from cabinet.appeals.models import Appeal
from cabinet.subscribers.models import AccountLink
from portal.staff.models import StaffUser
from tenants.models import GasCompany

ROWS = 24
# What a page whose time is over carries on over the question for a reason.
TYPED = ("kind", "question", "contact_name", "email", "phone", "field_", "text", "writer")


class PhoneAppealForm(AppealForm):
    """What somebody says by telephone. The answer goes to a cabinet of the account, by mail or by phone."""

    def __init__(self, *args: Any, links: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        texts: dict[str, tuple[Any, Any]] = {
            "contact_name": (_("Кто звонит"), ""),
            "phone": (_("Телефон"), _("Куда перезвонить.")),
            "email": (self.fields["email"].label, _("На неё придёт ответ.")),
            "text": (_("Что просит"), _("Своими словами, без сокращений: абонент это увидит.")),
        }
        for name, (label, hint) in texts.items():
            field = self.fields[name]
            field.label, field.help_text = label, hint
            field.widget.attrs.pop("placeholder", None)
        self.fields["contact_name"].error_messages["required"] = _("Укажите, кто звонит.")
        self.fields["text"].error_messages["required"] = _("Запишите, что просит абонент.")
        if links:
            self.fields["writer"] = forms.ChoiceField(
                label=_("Показать в личном кабинете"),
                required=False,
                choices=[("", _("не показывать")), *links],
                help_text=_("Выбирайте, только если звонит сам владелец этого кабинета."),
            )

    def clean(self) -> dict[str, Any]:
        self.needs_contact = not self.cleaned_data.get("writer")
        return super().clean()


def appeals_context(account: PersonalAccount, asked: QueryDict) -> dict[str, Any]:
    """Return the account's appeals, newest first, and the one that was just written down."""
    rows = Appeal.objects.filter(account=account).order_by("-created_at", "-pk")
    number = asked.get("sent", "")
    return {
        "appeals": Paginator(rows, ROWS).get_page(asked.get("p")),
        "sent": rows.filter(pk=int(number)).first() if number.isdecimal() else None,
        "kinds": kinds_offered(),
    }


def phone_appeal_form(
    account: PersonalAccount, company: GasCompany, kind_pk: Any, data: Any = None
) -> PhoneAppealForm | None:
    """Return the form of a kind, None where no kind is chosen; a sent form says that its kind is gone."""
    kind = kind_offered(kind_pk)
    if kind is None and data is None:
        return None
    name = f"{account.first_name} {account.patronymic} {account.last_name}"
    holders = _holders(company, account).values_list("pk", flat=True)
    shown = links_shown(company, account.account_number)
    return PhoneAppealForm(
        kind,
        data,
        initial={"contact_name": " ".join(name.split())},
        links=[(str(one.link.pk), one.contact) for one in shown if one.link.pk in set(holders)],
    )


def phone_appeal_again(
    account: PersonalAccount, company: GasCompany, typed: dict[str, str]
) -> PhoneAppealForm | None:
    """Return the form with what was typed before the page's time was over."""
    form = phone_appeal_form(account, company, typed.get("kind"))
    if form:
        form.initial.update({"contact_name": typed.get("contact_name", ""), **typed_in(typed)})
    return form


def phone_appeal_take(
    *, account: PersonalAccount, company: GasCompany, form: PhoneAppealForm, actor: StaffUser
) -> Appeal:
    """Open the appeal of a valid form. The same form twice is one appeal, with another text another."""
    link_pk = form.cleaned_data.get("writer")
    link = _holders(company, account).filter(pk=link_pk).first() if link_pk else None
    said = {
        "account": account,
        "subscriber_id": link.subscriber_id if link else None,
        "text": form.given["text"],
    }
    key: UUID = form.given["form_key"]
    if Appeal.objects.filter(form_key=key).exclude(**said).exists():
        key = uuid5(key, f"{account.pk}:{said['subscriber_id']}:{said['text']}")
    given = {**form.given, **said, "form_key": key}
    return appeal_open(source=Appeal.Source.OPERATOR, actor=actor, **given)


def _holders(company: GasCompany, account: PersonalAccount) -> QuerySet[AccountLink]:
    """Return the links whose persons may see an answer about the account."""
    links = AccountLink.objects.holders_of(company, account.account_number)
    return links.filter(unconfirmed_since=None)
