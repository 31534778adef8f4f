"""Applications for connection in the copy of a person's data; on deletion the answers and papers go.

That there was an application, what became of it and when stays: the recipient and the company answer for it.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cabinet.connection.answers import answers_read
from cabinet.connection.lifecycle.forgetting import application_forget
from cabinet.connection.models import ConnectionApplication, ConnectionPaper
from cabinet.subscribers.personal_data.parts import Column, Part, UploadsInCopy

_FILES = UploadsInCopy("connection")


@dataclass(frozen=True)
class ApplicationPart(Part):
    def delete(self, person: UUID) -> None:
        """Withdraw what is not signed yet, and take the person out of all of them, drafts too."""
        mine = ConnectionApplication.objects.filter(subscriber_id=person)
        for pk in mine.values_list("pk", flat=True):
            application_forget(application_pk=pk, condition=Q(subscriber_id=person))


@dataclass(frozen=True)
class PaperPart(Part):
    def delete(self, person: UUID) -> None:
        """Leave that to the applications, which come after these."""


def _answers(row: ConnectionApplication) -> str:
    lines = [line for _heading, lines in answers_read(row.answers) for line in lines]
    return "; ".join(f"{label}: {value}" for label, value in lines)


PARTS = [
    PaperPart(
        code="connection_papers",
        title=_("Документы ваших заявок на подключение газа"),
        model=ConnectionPaper,
        person="application__subscriber_id",
        columns={
            "number": Column(_("Номер заявки"), "application.number"),
            "title": Column(_("Документ")),
            "name": Column(_("Имя файла")),
            "created_at": Column(_("Получено")),
            "file": Column(_("Файл в этом архиве"), _FILES.name),
        },
        files=_FILES,
        order=56,
    ),
    ApplicationPart(
        code="connection_applications",
        title=_("Заявки на подключение газа"),
        model=ConnectionApplication,
        person="subscriber_id",
        columns={
            "number": Column(_("Номер")),
            "created_at": Column(_("Начата")),
            "submitted_at": Column(_("Отправлена")),
            "state": Column(_("Состояние")),
            "recipient": Column(_("Получатель")),
            "recipient_number": Column(_("Номер у получателя")),
            "registered_on": Column(_("Зарегистрирована")),
            "answers": Column(_("Ответы"), _answers),
        },
        stays=_(
            "Номера заявок на подключение газа и даты их рассмотрения останутся у компании. Но без "
            "вашего имени, ответов и документов. Неподписанные заявки мы отзовём."
        ),
        order=57,
    ),
]
