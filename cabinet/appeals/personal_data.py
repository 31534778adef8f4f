"""What a person has written in appeals. On deletion the words go, and the company's answers stay.

That it was asked and answered, when, and what the company has said is the company's own correspondence.
What its answers repeat of the person's words, name and contact is taken out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cabinet.appeals.lifecycle.states import CAN_BE_WITHDRAWN, State, go_to, log
from cabinet.appeals.models import Appeal, AppealDraft, AppealFile, AppealMessage
from cabinet.subscribers.personal_data.parts import Column, OnDeletion, Part, UploadsInCopy
from cms_pages.inbox.models import FormEntry
from portal.uploads.services import uploads_delete

# Shorter lines are repeated by chance: «Здравствуйте!».
_SHORTEST_QUOTE = 20
_SHORTEST_NAME = 4
REMOVED = "…"
_FILES = UploadsInCopy("appeals")


@dataclass(frozen=True)
class AppealPart(Part):
    def delete(self, person: UUID) -> None:
        """Take out what the person wrote and how to reach him; what is open is withdrawn."""
        for appeal in Appeal.objects.select_for_update(of=("self",)).filter(subscriber_id=person):
            _answers_clean(appeal)
            appeal.messages.filter(author=AppealMessage.Author.SUBSCRIBER).update(
                text="", author_name=""
            )
            appeal.text = appeal.contact_name = appeal.email = appeal.phone = ""
            appeal.context = appeal.mark_comment = ""
            appeal.answers, appeal.subscriber_id = [], None
            if appeal.state in CAN_BE_WITHDRAWN:
                appeal.due_at = appeal.time_left = None
                appeal.has_news = appeal.is_unread = False
                go_to(appeal, State.WITHDRAWN, action="forget")
            else:
                appeal.save()
                log(appeal, "forget", None)


@dataclass(frozen=True)
class MessagePart(Part):
    """What followed the first text. Notes of operators are no letters to the person."""

    def rows(self, person: UUID) -> QuerySet[AppealMessage]:
        found: QuerySet[AppealMessage] = super().rows(person)
        return found.exclude(author=AppealMessage.Author.NOTE)

    def delete(self, person: UUID) -> None:
        """Leave that to the appeals, which come after these."""


@dataclass(frozen=True)
class FilePart(Part):
    def delete(self, person: UUID) -> None:
        uploads_delete(AppealFile.objects.filter(subscriber_id=person))
        AppealFile.objects.filter(subscriber_id=person).update(subscriber_id=None, name="")


def _answers_clean(appeal: Appeal) -> None:
    written = appeal.messages.filter(author=AppealMessage.Author.SUBSCRIBER)
    texts = [appeal.text, *written.values_list("text", flat=True)]
    texts += [str(value) for _, value in appeal.answers]
    quotes = [line.strip() for text in texts for line in text.splitlines()]
    words = [one for one in quotes if len(one) >= _SHORTEST_QUOTE]
    contact = (appeal.contact_name, appeal.email, appeal.phone)
    words += [one for one in contact if len(one) >= _SHORTEST_NAME]
    for answer in appeal.messages.exclude(author=AppealMessage.Author.SUBSCRIBER):
        cleaned = _without(answer.text, words)
        if cleaned != answer.text:
            answer.text = cleaned
            answer.save(update_fields=["text"])


def _without(text: str, words: Iterable[str]) -> str:
    """Return the text without these words, the longest first: one may be a part of another."""
    for one in sorted(words, key=len, reverse=True):
        text = text.replace(one, REMOVED)
    return text


def _account_number(row: Appeal) -> str:
    return row.account.account_number if row.account else ""


def _answers(row: Appeal) -> str:
    return "; ".join(f"{label}: {value}" for label, value in row.answers)


def _author(row: AppealMessage) -> str:
    is_mine = row.author == AppealMessage.Author.SUBSCRIBER
    return str(_("вы") if is_mine else _("компания"))


def _said(entry: FormEntry) -> str:
    return "\n".join(f"{label}: {value}" for label, value in entry.answers)


def _replies(entry: FormEntry) -> str:
    return "\n\n".join(one.text for one in entry.replies.all())


PARTS = [
    MessagePart(
        code="appeal_messages",
        title=_("Переписка по вашим обращениям"),
        model=AppealMessage,
        person="appeal__subscriber_id",
        columns={
            "number": Column(_("Номер обращения"), "appeal.pk"),
            "created_at": Column(_("Когда")),
            "author": Column(_("Кто"), _author),
            "text": Column(_("Текст")),
        },
        order=51,
    ),
    FilePart(
        code="appeal_files",
        title=_("Файлы, которые вы приложили к обращениям"),
        model=AppealFile,
        person="subscriber_id",
        columns={
            "number": Column(_("Номер обращения"), "appeal_id"),
            "name": Column(_("Имя файла")),
            "created_at": Column(_("Получено")),
            "file": Column(_("Файл в этом архиве"), _FILES.name),
        },
        files=_FILES,
        order=52,
    ),
    AppealPart(
        code="appeals",
        title=_("Обращения"),
        model=Appeal,
        person="subscriber_id",
        columns={
            "number": Column(_("Номер"), "pk"),
            "created_at": Column(_("Когда")),
            "account_number": Column(_("Лицевой счёт"), _account_number),
            "kind": Column(_("Вид обращения"), "kind_name"),
            "question": Column(_("Вопрос")),
            "text": Column(_("Текст")),
            "answers": Column(_("Поля"), _answers),
            "context": Column(_("О чём")),
            "contact_name": Column(_("Контактное лицо")),
            "email": Column(_("Электронная почта")),
            "phone": Column(_("Телефон")),
            "state": Column(_("Статус")),
            "mark": Column(_("Оценка")),
            "mark_comment": Column(_("Отзыв")),
        },
        related=("account",),
        stays=_(
            "Номера и даты обращений и ответы компании останутся у неё. Но без вашего имени, без "
            "того, что писали вы, и без ваших файлов."
        ),
        order=53,
    ),
    Part(
        code="appeal_drafts",
        title=_("Неотправленные обращения"),
        model=AppealDraft,
        person="subscriber_id",
        columns={
            "account_number": Column(_("Лицевой счёт"), "account.account_number"),
            "changed_at": Column(_("Изменено")),
            "data": Column(_("Написанное"), lambda row: str(row.data)),
        },
        ordering="changed_at",
        account="account__account_number",
        on_deletion=OnDeletion.DELETE,
        order=54,
    ),
    # Here, because nothing below may know of the person's data.
    Part(
        code="form_entries",
        title=_("Сообщения, которые вы отправили через формы сайта"),
        model=FormEntry,
        person="person",
        columns={
            "number": Column(_("Номер"), "pk"),
            "submit_time": Column(_("Когда")),
            "title": Column(_("Форма")),
            "answers": Column(_("Что написано"), _said),
            "replies": Column(_("Ответы компании"), _replies),
        },
        prefetch=("replies",),
        ordering="submit_time",
        on_deletion=OnDeletion.DELETE,
        order=55,
    ),
]
