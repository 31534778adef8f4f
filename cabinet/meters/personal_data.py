"""Readings that a person sent, and photos of dials. They stay as the account's, without the person."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cabinet.meters.models import DialPhoto, Reading, Submission
from cabinet.subscribers.personal_data.registry import File, Part, Row, part_register
from portal.formats.dates import short_day, short_moment
from portal.formats.numbers import cubic_metres
from portal.uploads.services import upload_read


def _readings(person: UUID) -> list[Row]:
    readings = Reading.objects.filter(subscriber_id=person).select_related("meter__account")
    return [
        {
            "account_number": reading.meter.account.account_number,
            "meter": f"{reading.meter.model} № {reading.meter.serial_number}",
            "taken_on": short_day(reading.taken_on),
            "value": cubic_metres(reading.value),
            "received_at": short_moment(reading.received_at),
        }
        for reading in readings.order_by("received_at")
    ]


def _submissions(person: UUID) -> list[Row]:
    submissions = Submission.objects.filter(subscriber_id=person).select_related("account")
    return [
        {
            "number": submission.spoken_number,
            "account_number": submission.account.account_number,
            "taken_on": short_day(submission.taken_on),
            "readings": "; ".join(
                f"{line.meter.model} № {line.meter.serial_number}: {cubic_metres(line.value)}"
                for line in submission.lines.all()
            ),
            "received_at": short_moment(submission.received_at),
        }
        for submission in submissions.prefetch_related("lines__meter").order_by("received_at")
    ]


def _photos_of(person: UUID) -> QuerySet[DialPhoto]:
    photos = DialPhoto.objects.filter(subscriber_id=person)
    return photos.select_related("meter__account").order_by("created_at", "pk")


def _photos(person: UUID) -> list[Row]:
    return [
        {
            "account_number": photo.meter.account.account_number,
            "meter": f"{photo.meter.model} № {photo.meter.serial_number}",
            "created_at": short_moment(photo.created_at),
            "file": _name_in_copy(photo),
        }
        for photo in _photos_of(person)
    ]


def _photo_files(person: UUID) -> Iterator[File]:
    for photo in _photos_of(person):
        if picture := upload_read(photo):
            yield _name_in_copy(photo), picture


def _name_in_copy(photo: DialPhoto) -> str:
    return f"photos/{photo.created_at:%Y-%m-%d}-{photo.pk}.jpg"


def _forget_sender(person: UUID) -> None:
    Reading.objects.filter(subscriber_id=person).update(subscriber_id=None)


def _forget_sender_of_submissions(person: UUID) -> None:
    Submission.objects.filter(subscriber_id=person).update(subscriber_id=None)


def _forget_sender_of_photos(person: UUID) -> None:
    """What was sent with no reading goes soon anyway: `uploads_forget`."""
    DialPhoto.objects.filter(subscriber_id=person).update(subscriber_id=None)


def meter_parts_register() -> None:
    _readings_register()
    part_register(
        Part(
            code="submissions",
            title=_("Передачи показаний и их номера"),
            columns={
                "number": _("Номер"),
                "account_number": _("Лицевой счёт"),
                "taken_on": _("День показаний"),
                "readings": _("Показания"),
                "received_at": _("Принято"),
            },
            export=_submissions,
            delete=_forget_sender_of_submissions,
            order=31,
        )
    )
    part_register(
        Part(
            code="photos",
            title=_("Фото счётчиков"),
            columns={
                "account_number": _("Лицевой счёт"),
                "meter": _("Счётчик"),
                "created_at": _("Получено"),
                "file": _("Файл в этом архиве"),
            },
            export=_photos,
            files=_photo_files,
            delete=_forget_sender_of_photos,
            order=32,
        )
    )


def _readings_register() -> None:
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
                "Переданные показания и фото к ним остаются у газовой компании: по ним уже посчитано, "
                "сколько платить. Но в них больше не будет указано, что передали их вы."
            ),
            order=30,
        )
    )
