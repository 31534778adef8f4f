"""What is stored about a person's accounts: the links. The accounts themselves are the company's."""

from django.utils.translation import gettext_lazy as _

from cabinet.accounts.models import Application, LinkDispute
from cabinet.accounts.proofs import proof_label
from cabinet.subscribers.models import AccountLink, Delegation, LinkingDraft
from cabinet.subscribers.personal_data.parts import Column, OnDeletion, Part
from portal.formats.dates import short_moment


def _log(delegation: Delegation) -> str:
    """Return the log that both sides read, a line an event."""
    lines = (f"{short_moment(event.at)} {event}" for event in delegation.events.all())
    return "; ".join(lines)


_DELEGATION = {
    "company": Column(_("Компания"), "company.name"),
    "account_number": Column(_("Лицевой счёт")),
    "right": Column(_("Что можно")),
    "ends_on": Column(_("По какой день")),
    "created_at": Column(_("Приглашение отправлено")),
    "accepted_at": Column(_("Приглашение принято")),
    "ended_at": Column(_("Доступ закрыт")),
    "log": Column(_("Журнал"), _log),
}

PARTS = [
    Part(
        code="accounts",
        title=_("Привязанные лицевые счета"),
        model=AccountLink,
        person="subscriber_id",
        columns={
            "company": Column(_("Компания"), "company.name"),
            "account_number": Column(_("Лицевой счёт")),
            "region": Column(_("Регион")),
            "label": Column(_("Название")),
            "place": Column(_("Адрес")),
            "proof": Column(_("Как подтверждён"), lambda link: proof_label(link.proof)),
            "created_at": Column(_("Дата привязки")),
        },
        on_deletion=OnDeletion.DELETE,
        stays=_(
            "Лицевые счета, начисления и платежи остаются в газовой компании или фонде: это "
            "документы по договору, их хранят по закону о бухгалтерском учёте не меньше пяти лет."
        ),
        in_public=True,
        order=20,
    ),
    # They go with the person, and with the link that gave them.
    Part(
        code="delegations_given",
        title=_("Кому вы дали доступ к лицевым счетам"),
        model=Delegation,
        person="owner_link__subscriber_id",
        columns={"contact": Column(_("Кому")), **_DELEGATION},
        prefetch=("events",),
        in_public=True,
        order=22,
    ),
    Part(
        code="delegations_taken",
        title=_("Доступ, который дали вам"),
        model=Delegation,
        person="delegate_id",
        columns=_DELEGATION,
        prefetch=("events",),
        in_public=True,
        order=24,
    ),
    Part(
        code="linking_drafts",
        title=_("Начатые привязки лицевых счетов"),
        model=LinkingDraft,
        person="subscriber_id",
        columns={
            "created_at": Column(_("Начата")),
            "content": Column(_("Введённое")),
            "expires_at": Column(_("Удалим")),
        },
        in_public=True,
        order=26,
    ),
    # What was reported stays with the company's operators when the account is unlinked: they answer it.
    Part(
        code="link_disputes",
        title=_("Обращения о том, кто ещё привязал лицевой счёт"),
        model=LinkDispute,
        person="subscriber_id",
        columns={
            "account_number": Column(_("Лицевой счёт")),
            "text": Column(_("Сообщение")),
            "created_at": Column(_("Отправлено")),
            "closed_at": Column(_("Рассмотрено")),
            "answer": Column(_("Ответ")),
        },
        on_deletion=OnDeletion.DELETE,
        order=62,
    ),
    Part(
        code="applications",
        title=_("Заявки на лицевые счета"),
        model=Application,
        person="subscriber_id",
        columns={
            "number": Column(_("Номер заявки")),
            "state": Column(_("Состояние")),
            "account_number": Column(_("Лицевой счёт")),
            "address": Column(_("Адрес")),
            "email": Column(_("Электронная почта")),
            "last_name": Column(_("Фамилия")),
            "first_name": Column(_("Имя")),
            "patronymic": Column(_("Отчество")),
            "phone": Column(_("Телефон")),
            "document_kind": Column(_("Документ")),
            "document_number": Column(_("Номер документа")),
            "document_date": Column(_("Дата документа")),
            "created_at": Column(_("Подана")),
            "decided_at": Column(_("Решение принято")),
            "refusal": Column(_("Причина отказа")),
        },
        on_deletion=OnDeletion.DELETE,
        order=64,
    ),
]
