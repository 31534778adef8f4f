"""What an operator decides of an application: whose account it is, and yes or no with a reason."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.accounts.applications.checks import application_differences
from cabinet.accounts.applications.first_login import ApplicantGone, access_grant
from cabinet.accounts.delegates.selectors import delegations_lately
from cabinet.accounts.links.ending import was_ended_by_operator
from cabinet.accounts.links.services import AlreadyLinked
from cabinet.accounts.locks import account_hold
from cabinet.accounts.lookup import AccountNotFound
from cabinet.accounts.models import Application, PersonalAccount
from cabinet.accounts.selectors import account_named
from cabinet.subscribers.models import Subscriber
from cabinet.subscribers.notify import person_notify
from cabinet.subscribers.sessions import subscriber_lock
from cms_pages.selectors import company_phone
from portal.audit.services import audit_write
from portal.formats.dates import long_moment
from portal.formats.text import account_keys
from portal.messaging.models import Message
from portal.messaging.services import message_send
from portal.staff.models import StaffUser
from tenants.models import GasCompany
from tenants.selectors import company_entered

State = Application.State
_GONE = gettext_lazy("Личного кабинета заявителя больше нет. Отклоните заявку.")


class NotDecided(Exception):
    """The decision cannot be made; its text says why, and what to do, in Russian."""


def account_asked(application: Application) -> PersonalAccount | None:
    """Return the account that an application asks for; None while its number names none of the company's."""
    return account_named(application.asked_number)


def applicant_of(application: Application) -> Subscriber | None:
    """Return who gets the account: the person with a login, or with the address that was confirmed."""
    if application.subscriber_id:
        return Subscriber.objects.filter(pk=application.subscriber_id).first()
    return Subscriber.objects.filter(email=application.email).first()


def holds_already(application: Application, account: PersonalAccount, company: GasCompany) -> bool:
    """Tell whether the person has the account in the cabinet: confirmed, and not as a delegate."""
    person = applicant_of(application)
    if person is None:
        return False
    links = person.account_links.holders_of(company, account.account_number)
    return links.filter(unconfirmed_since=None).exists()


def was_delegate(application: Application, account: PersonalAccount, company: GasCompany) -> bool:
    """Tell whether the applicant has been a delegate of the account within a year, and has read its data."""
    person = applicant_of(application) or Subscriber(email=application.email)
    return delegations_lately(person, company, account.account_number).exists()


def was_ended(application: Application, account: PersonalAccount) -> bool:
    """Tell whether an operator has taken the account from the applicant within a year."""
    person = applicant_of(application)
    return person is not None and was_ended_by_operator(person, account.account_number)


@transaction.atomic
def application_approve(
    *, application: Application, operator: StaffUser, despite_differences: bool = False
) -> bool:
    """Give the applicant the account, in the company whose schema is entered.

    Account, letters, state and audit row are committed together. Without `despite_differences` the data have
    to be as billing's. Returns False when the person had the account already: then the application is only
    closed. Raises NotDecided.
    """
    company = company_entered()
    waiting, account = _to_approve(application)
    differences = application_differences(waiting, account)
    if differences and not despite_differences:
        raise NotDecided(
            _(
                "Данные заявки отличаются от данных компании. Если документ подтверждает право на счёт, "
                "отметьте это и одобрите ещё раз."
            )
        )
    had_it = holds_already(waiting, account, company)
    try:
        try:
            access_grant(application=waiting, company=company)
        except AlreadyLinked:  # by the person, at this moment: now it is found
            had_it = True
            access_grant(application=waiting, company=company)
    except ApplicantGone as error:
        raise NotDecided(_GONE) from error
    except AccountNotFound as error:  # an import at this moment
        raise NotDecided(
            _("Компания только что изменила данные счёта. Сверьте заявку ещё раз.")
        ) from error
    _decide(waiting, State.APPROVED, operator)
    audit_write(
        actor=operator,
        action="application.approve",
        subject=waiting.number,
        details={
            "account_number": account.account_number,
            "differences": [one.field for one in differences],
            "had_it": had_it,
        },
    )
    return not had_it


@transaction.atomic
def application_refuse(*, application: Application, operator: StaffUser, reason: str) -> None:
    """Refuse the application, and write the reason to the applicant. Raises NotDecided."""
    waiting = _hold_waiting(application)
    _decide(waiting, State.REFUSED, operator, refusal=reason)
    audit_write(
        actor=operator,
        action="application.refuse",
        subject=waiting.number,
        details={"account_number": waiting.asked_number, "reason": reason},
    )
    company = company_entered()
    _write(
        waiting,
        "application_refused",
        {
            "company_name": company.name,
            "number": waiting.spoken_number,
            "account_number": waiting.account_number,
            "reason": reason,
            "phone": company_phone(),
            "url": company.url,
        },
    )


@transaction.atomic
def application_correct(*, application: Application, operator: StaffUser, number: str) -> None:
    """Choose the account that the applicant meant, by its number; the typed one stays beside it.

    Raises NotDecided, also where the company has no such account.
    """
    waiting = _hold_waiting(application)
    account = account_named(number) or account_named(account_keys(number)[-1])
    if account is None:
        raise NotDecided(_("Такого лицевого счёта у компании нет. Проверьте номер."))
    waiting.corrected_number = account.account_number
    waiting.save(update_fields=["corrected_number"])
    audit_write(
        actor=operator,
        action="application.correct",
        subject=waiting.number,
        details={"typed": waiting.account_number, "chosen": account.account_number},
    )


def decision_said(application: Application) -> str:
    """Return who decided, when and how."""
    words = {
        str(State.APPROVED): _("Заявку одобрил %(who)s, %(when)s."),
        str(State.REFUSED): _("Заявку отклонил %(who)s, %(when)s."),
    }[application.state]
    return words % {"who": application.decided_by, "when": long_moment(application.decided_at)}


def _hold_waiting(application: Application) -> Application:
    """Lock the application, and return it as it is now. Raises NotDecided unless it waits for an operator."""
    held = Application.objects.select_for_update().filter(pk=application.pk).first()
    if held is None:
        raise NotDecided(_("Этой заявки больше нет: заявитель удалил свои данные."))
    if held.state == State.UNCONFIRMED:
        raise NotDecided(_("Заявитель ещё не подтвердил электронную почту."))
    if held.state != State.WAITING:
        raise NotDecided(decision_said(held))
    return held


def _to_approve(application: Application) -> tuple[Application, PersonalAccount]:
    """Lock person, application and account, in this order, and return the latter two as they are now."""
    person = applicant_of(application)
    if (person is None or subscriber_lock(person.pk) is None) and application.subscriber_id:
        raise NotDecided(_GONE)
    waiting = _hold_waiting(application)
    account = account_asked(waiting)
    if account is None:
        raise NotDecided(
            _("Лицевого счёта с таким номером нет. Сначала выберите верный счёт по номеру.")
        )
    account = account_hold(account)
    if account.closed_on:
        raise NotDecided(_("Этот лицевой счёт закрыт, привязать его нельзя. Отклоните заявку."))
    return waiting, account


def _decide(application: Application, state: str, operator: StaffUser, refusal: str = "") -> None:
    application.state, application.refusal = state, refusal
    application.decided_at, application.decided_by = timezone.now(), operator.get_username()
    application.save(update_fields=["state", "refusal", "decided_at", "decided_by"])


def _write(application: Application, kind: str, context: dict[str, object]) -> None:
    """Write to the applicant: to the cabinet's contact, else to the address of the application."""
    person = applicant_of(application) if application.subscriber_id else None
    recipient = (person.email or str(person.phone)) if person else application.email
    if person:
        person_notify(subscriber=person, kind=kind, context=context)
    if recipient:
        message_send(
            kind=kind,
            recipient=recipient,
            context=context,
            channel=Message.Channel.EMAIL if "@" in recipient else Message.Channel.SMS,
            person=application.subscriber_id,
            account_number=application.account_number,
        )


def applications_beside(application: Application) -> list[Application]:
    """Return other applications of the same person, or for the same account, newest first."""
    same = Q(number_key=application.number_key)
    if application.email:
        same |= Q(email=application.email)
    if application.subscriber_id:
        same |= Q(subscriber_id=application.subscriber_id)
    others = Application.objects.filter(same).exclude(pk=application.pk)
    return list(others.order_by("-created_at")[:20])
