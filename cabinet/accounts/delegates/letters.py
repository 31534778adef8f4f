"""Letters about delegates: the invitation, and what holder and delegate are told afterwards."""

import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cabinet.subscribers.contacts import Contact, contact_masked
from cabinet.subscribers.models import AccountLink, Delegation, DelegationEvent, Subscriber
from cabinet.subscribers.notify import subscriber_notify
from cms_pages.selectors import company_phone
from portal.formats.dates import long_day
from portal.formats.words import duration
from portal.messaging.models import Message
from portal.messaging.services import message_send
from tenants.models import GasCompany

What = DelegationEvent.What


def invitation(
    delegation: Delegation,
    company: GasCompany,
    contact: Contact,
    secret: str,
    lifetime: datetime.timedelta,
) -> None:
    """Write to the invited contact, which may be anybody's: no account, and nobody's whole contact."""
    assert delegation.owner_link is not None  # noqa: S101 — it has just been made
    inviter = Contact.of(delegation.owner_link.subscriber)
    message_send(
        kind="delegate_invitation",
        recipient=contact.value,
        channel=Message.Channel.EMAIL if contact.kind == "email" else Message.Channel.SMS,
        context={
            "company_name": company.name,
            "inviter": contact_masked(inviter.value),
            "may_send": delegation.right == Delegation.Right.SEND,
            "ends_on": long_day(delegation.ends_on),
            "lasts": duration(lifetime),
            "url": f"{company.url}{reverse('accounts:invitation', args=[secret])}",
        },
    )


def accepted(delegation: Delegation, owner_link: AccountLink, company: GasCompany) -> None:
    """Tell the holder that the invitation was accepted."""
    context = {**_context(delegation, company), "contact": delegation.contact}
    context["url"] = f"{company.url}{reverse('accounts:delegates', args=[owner_link.pk])}"
    subscriber_notify(
        subscriber=owner_link.subscriber,
        kind="delegate_accepted",
        account_number=delegation.account_number,
        context=context,
    )


def ended(delegation: Delegation, company: GasCompany, what: str) -> None:
    """Tell holder and delegate that the access is over, and why."""
    holder = delegation.owner_link.subscriber if delegation.owner_link else None
    both = filter(None, (holder, delegation.delegate))
    for person in sorted(both, key=lambda one: one.pk):
        said = _said(delegation, what, is_holder=person == holder)
        context = {"company_name": company.name, "said": said, "url": f"{company.url}/cabinet/"}
        subscriber_notify(
            subscriber=person,
            kind="delegate_ended",
            account_number=delegation.account_number,
            context=context,
        )


def tried_to_link(delegation: Delegation, subscriber: Subscriber, company: GasCompany) -> None:
    """Tell the confirmed holders that a delegate wanted to link the account; an operator will decide."""
    links = AccountLink.objects.holders_of(company, delegation.account_number)
    context = _context(delegation, company) | {"phone": company_phone(), "url": company.url}
    holders = links.filter(unconfirmed_since=None).select_related("subscriber")
    for link in holders.order_by("subscriber_id"):
        if link.subscriber_id != subscriber.pk:
            subscriber_notify(
                subscriber=link.subscriber,
                kind="delegate_tried_to_link",
                account_number=delegation.account_number,
                context=context,
            )


def _context(delegation: Delegation, company: GasCompany) -> dict[str, Any]:
    return {
        "company_name": company.name,
        "account_number": delegation.account_number,
        "may_send": delegation.right == Delegation.Right.SEND,
        "ends_on": long_day(delegation.ends_on),
    }


def _said(delegation: Delegation, what: str, *, is_holder: bool) -> str:
    """Return the sentence by which holder or delegate hears that an access is over."""
    said = _said_to_holder(What(what)) if is_holder else _said_to_delegate(What(what))
    return said % {
        "who": delegation.contact,
        "number": delegation.account_number,
        "day": long_day(delegation.ends_on),
    }


def _said_to_holder(what: DelegationEvent.What) -> str:
    said = {
        What.ENDED_BY_OWNER: _(
            "Вы закрыли доступ доверенного лица %(who)s к лицевому счёту %(number)s."
        ),
        What.ENDED_BY_DELEGATE: _(
            "Доверенное лицо %(who)s отказалось от доступа к лицевому счёту %(number)s."
        ),
        What.EXPIRED: _(
            "Доверенное лицо %(who)s больше не видит лицевой счёт %(number)s: срок доступа закончился "
            "%(day)s Если помощь ещё нужна, отправьте новое приглашение."
        ),
        What.ENDED_OWN: _(
            "Лицевой счёт %(number)s привязан к кабинету бывшего доверенного лица %(who)s как собственный."
        ),
        What.GONE: _(
            "Доверенное лицо удалило свой личный кабинет и больше не видит лицевой счёт %(number)s."
        ),
    }
    return said.get(what, _("Доверенное лицо %(who)s больше не видит лицевой счёт %(number)s."))


def _said_to_delegate(what: DelegationEvent.What) -> str:
    said = {
        What.ENDED_BY_DELEGATE: _("Вы отказались от доступа к лицевому счёту %(number)s."),
        What.ENDED_BY_OWNER: _("Владелец закрыл вам доступ к лицевому счёту %(number)s."),
        What.EXPIRED: _(
            "Срок вашего доступа к лицевому счёту %(number)s закончился %(day)s Если помощь ещё нужна, "
            "владелец может пригласить вас снова."
        ),
        What.ENDED_OWN: _(
            "Лицевой счёт %(number)s теперь привязан к вашему кабинету как собственный."
        ),
    }
    usual = _(
        "Ваш доступ к лицевому счёту %(number)s закончился: у того, кто вас пригласил, этого счёта в "
        "кабинете больше нет."
    )
    return said.get(what, usual)
