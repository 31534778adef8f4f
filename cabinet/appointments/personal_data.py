"""What a person has booked. On deletion what is to come is cancelled, and name and contact go."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cabinet.appointments.lifecycle.forgetting import person_forget
from cabinet.appointments.models import Appointment, WaitingEntry
from cabinet.subscribers.personal_data.parts import Column, OnDeletion, Part


@dataclass(frozen=True)
class AppointmentPart(Part):
    def delete(self, person: UUID) -> None:
        """Cancel what is to come, and take out who it was. That there was an appointment stays."""
        person_forget(subscriber_id=person)


def _account_number(row: Appointment) -> str:
    return row.account.account_number if row.account else ""


PARTS = [
    AppointmentPart(
        code="appointments",
        title=_("Записи на приём"),
        model=Appointment,
        person="subscriber_id",
        columns={
            "number": Column(_("Номер")),
            "created_at": Column(_("Когда записались")),
            "starts_at": Column(_("На какое время")),
            "centre": Column(_("Центр"), "centre.name"),
            "service": Column(_("Услуга"), "service_name"),
            "account_number": Column(_("Лицевой счёт"), _account_number),
            "contact_name": Column(_("Имя")),
            "phone": Column(_("Телефон")),
            "email": Column(_("Электронная почта")),
            "comment": Column(_("С чем придёте")),
            "state": Column(_("Состояние")),
        },
        related=("account", "centre"),
        stays=_(
            "Записи на приём, которые ещё впереди, отменятся. О прошедших у компании останется только, "
            "когда и с чем приходили, без вашего имени и телефона."
        ),
        order=57,
    ),
    Part(
        code="appointments_waiting",
        title=_("Листы ожидания"),
        model=WaitingEntry,
        person="subscriber_id",
        columns={
            "created_at": Column(_("Когда")),
            "centre": Column(_("Центр"), "centre.name"),
            "service": Column(_("Услуга"), "service.name"),
            "first_day": Column(_("С даты")),
            "last_day": Column(_("По дату")),
            "contact_name": Column(_("Имя")),
            "phone": Column(_("Телефон")),
            "email": Column(_("Электронная почта")),
            "state": Column(_("Состояние")),
        },
        related=("centre", "service"),
        on_deletion=OnDeletion.DELETE,
        order=58,
    ),
]
