"""Readings that a person sent. They stay as the account's, without the person."""

from uuid import UUID

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from cabinet.meters.models import Reading
from cabinet.subscribers.personal_data.registry import Part, Row, part_register
from cabinet.subscribers.personal_data.words import moment


def _readings(person: UUID) -> list[Row]:
    readings = Reading.objects.filter(subscriber_id=person).select_related("meter__account")
    return [
        {
            "account_number": reading.meter.account.account_number,
            "meter": f"{reading.meter.model} № {reading.meter.serial_number}",
            "taken_on": date_format(reading.taken_on, "d.m.Y"),
            "value": f"{number_format(reading.value.normalize().__format__('f'))} м³",
            "received_at": moment(reading.received_at),
        }
        for reading in readings.order_by("received_at")
    ]


def _forget_sender(person: UUID) -> None:
    Reading.objects.filter(subscriber_id=person).update(subscriber_id=None)


def reading_part_register() -> None:
    part_register(
        Part(
            code="readings",
            title=_("Показания, которые вы передали в личном кабинете"),
            columns={
                "account_number": _("Лицевой счёт"),
                "meter": _("Счётчик"),
                "taken_on": _("День показания"),
                "value": _("Показание"),
                "received_at": _("Получено"),
            },
            export=_readings,
            delete=_forget_sender,
            stays=_(
                "Переданные показания остаются у газовой компании: по ним уже посчитано, сколько "
                "платить. Но в них больше не будет указано, что передали их вы."
            ),
            order=30,
        )
    )
