"""What the bell says of changes of the cabinet itself, of which letters tell already (`person_notified`)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cabinet.accounts.models import PersonalAccount
from cabinet.notifications.services import Notice, notify
from cabinet.subscribers.models import Subscriber
from portal.formats.dates import long_day
from tenants.models import GasCompany
from tenants.schemas import in_company
from tenants.selectors import company_can_serve, current_company

Context = Mapping[str, Any]
_OTHERWISE = _("Если это были не вы, смените пароль и позвоните нам.")


@dataclass(frozen=True)
class Reported:
    """How the bell says it: nothing that gives access, such as a code or a secret link.

    `page` is the page's name. Without it `path` says whether the letter's own address is no secret and leads
    there. `has_account`: the person has the account on, so that the notification goes with its link.
    """

    title: str | Promise
    text: str | Promise | Callable[[Context], str] = ""
    page: str = ""
    path: bool = False
    has_account: bool = False
    kind: str = "security"


def _access(title: Promise, text: Any = "", **fields: Any) -> Reported:
    return Reported(title, text, kind="access", **fields)


def _of_number(context: Context) -> str:
    return str(_("Лицевой счёт %(number)s.") % {"number": context["account_number"]})


def _ended(context: Context) -> str:
    return f"{_of_number(context)} {context['reason']}"


def _refused_proof(context: Context) -> str:
    return str(_("Указано неверно: %(proof)s.") % {"proof": context["proof"]})


def _contact(context: Context) -> str:
    return f"{context['new_value']}. {_OTHERWISE}"


_CHANGES = {
    ("contact_change_warning", True): _("Кто-то меняет адрес электронной почты вашего кабинета"),
    ("contact_change_warning", False): _("Кто-то меняет телефон вашего кабинета"),
    ("contact_changed", True): _("Адрес электронной почты кабинета изменён"),
    ("contact_changed", False): _("Телефон кабинета изменён"),
}

REPORTED: dict[str, Reported] = {
    "password_changed": Reported(_("Пароль изменён"), _OTHERWISE, page="subscribers:settings"),
    "contact_change_warning": Reported("", _contact, page="subscribers:settings"),
    "contact_changed": Reported("", _contact, page="subscribers:settings"),
    "max_linked": Reported(_("К кабинету подключён MAX"), lambda one: one["name"], page="max:page"),
    "deletion_asked": Reported(
        _("Кабинет будет удалён"), lambda one: long_day(one["day"]), page="subscribers:settings"
    ),
    "deletion_cancelled": Reported(_("Удаление кабинета отменено"), page="subscribers:settings"),
    "data_ready": Reported(_("Копия ваших данных готова"), page="subscribers:data"),
    "account_linked_by_other": _access(
        _("Ваш лицевой счёт привязал ещё один человек"), path=True, has_account=True
    ),
    "account_proof_refused": _access(
        _("Кто-то пытался привязать ваш лицевой счёт"), _refused_proof, has_account=True
    ),
    "account_link_ended": _access(
        _("Лицевой счёт отвязан от вашего кабинета"), _ended, page="accounts:manage"
    ),
    "account_surname_changed": _access(
        _("Подтвердите лицевой счёт ещё раз"), _of_number, path=True
    ),
    "account_surname_restored": _access(
        _("Лицевой счёт снова открыт"), path=True, has_account=True
    ),
    "delegate_accepted": _access(
        _("Доверенное лицо приняло приглашение"),
        lambda one: one["contact"],
        path=True,
        has_account=True,
    ),
    "delegate_ended": _access(
        _("Доступ доверенного лица закончился"), lambda one: one["said"], page="accounts:manage"
    ),
    "delegate_tried_to_link": _access(
        _("Доверенное лицо хочет привязать ваш лицевой счёт как свой"), has_account=True
    ),
    "link_dispute_answered": _access(
        _("Ответ на ваше сообщение о чужой привязке"),
        lambda one: one["answer"],
        page="accounts:manage",
        has_account=True,
    ),
    "application_approved": _access(
        _("Заявка на лицевой счёт одобрена"), _of_number, page="accounts:manage"
    ),
    "application_refused": _access(
        _("Заявка на лицевой счёт отклонена"),
        lambda one: one["reason"],
        page="accounts:manage",
    ),
}


def security_note(
    *,
    subscriber: Subscriber,
    kind: str,
    context: Context,
    account_number: str,
    company: GasCompany | None,
    **_: Any,
) -> None:
    """Write the notification in the company that the letter comes from."""
    here = current_company()
    company = company or here
    reported = REPORTED.get(kind)
    if reported is None or company is None:
        return
    if company == here:
        _note(subscriber, kind, reported, context, account_number, company)
    elif company_can_serve(company):
        with in_company(company):
            _note(subscriber, kind, reported, context, account_number, company)


def _note(
    person: Subscriber,
    kind: str,
    reported: Reported,
    context: Context,
    number: str,
    company: GasCompany,
) -> None:
    account = None
    if reported.has_account:
        account = PersonalAccount.objects.filter(account_number=number).first()
    path = reverse(reported.page) if reported.page else ""
    if reported.path:
        path = str(context["url"]).removeprefix(company.url)
    notify(
        Notice(
            subscriber=person,
            kind=reported.kind,
            title=str(reported.title or _CHANGES[kind, context["is_email"]]),
            text=reported.text(context) if callable(reported.text) else str(reported.text),
            path=path,
            account=account,
        )
    )
