"""Readings that a person sent, and photos of dials. They stay as the account's, without the person."""

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from cabinet.meters.models import DialPhoto, Meter, Reading, Submission, SubmissionLine
from cabinet.subscribers.personal_data.parts import Column, OnDeletion, Part, UploadsInCopy
from portal.formats.numbers import cubic_metres

_PHOTOS = UploadsInCopy("photos")


def _meter(meter: Meter, channel: str) -> str:
    """Name a meter as its page does: to a delegate by the end of its number."""
    is_delegates = channel == Reading.Channel.DELEGATE
    return f"{meter.model} № {meter.masked_number if is_delegates else meter.serial_number}"


def _values(submission: Submission) -> str:
    return "; ".join(
        f"{_meter(line.meter, submission.channel)}: {cubic_metres(line.value)}{_new_meter(line)}"
        for line in submission.lines.all()
    )


def _new_meter(line: SubmissionLine) -> str:
    if not line.new_serial_number:
        return ""
    return _t(", новый счётчик № %(number)s") % {"number": line.new_serial_number}


def _meter_of_photo(photo: DialPhoto) -> str:
    """Name the meter of a photo; until that is sent, nobody has noted who took it: as to a delegate."""
    sent = photo.submission
    return _meter(photo.meter, sent.channel if sent else Reading.Channel.DELEGATE)


PARTS = [
    Part(
        code="readings",
        title=_("Показания, которые вы передали в личном кабинете"),
        model=Reading,
        person="subscriber_id",
        columns={
            "account_number": Column(_("Лицевой счёт"), "meter.account.account_number"),
            "meter": Column(_("Счётчик"), lambda reading: _meter(reading.meter, reading.source)),
            "taken_on": Column(_("День показания")),
            "value": Column(_("Показание"), lambda reading: cubic_metres(reading.value)),
            "received_at": Column(_("Получено")),
        },
        ordering="received_at",
        on_deletion=OnDeletion.FORGET,
        stays=_(
            "Показания и фото к ним останутся у компании: по ним рассчитана плата. Но без указания, "
            "что передали их вы."
        ),
        order=30,
    ),
    Part(
        code="submissions",
        title=_("Квитанции о приёме показаний"),
        model=Submission,
        person="subscriber_id",
        columns={
            "number": Column(_("Номер"), "spoken_number"),
            "account_number": Column(_("Лицевой счёт"), "account.account_number"),
            "taken_on": Column(_("День показаний")),
            "readings": Column(_("Показания"), _values),
            "received_at": Column(_("Принято")),
        },
        ordering="received_at",
        prefetch=("lines__meter",),
        on_deletion=OnDeletion.FORGET,
        order=31,
    ),
    # What was sent with no reading is deleted soon anyway: `uploads_forget`.
    Part(
        code="photos",
        title=_("Фото счётчиков"),
        model=DialPhoto,
        person="subscriber_id",
        columns={
            "account_number": Column(_("Лицевой счёт"), "meter.account.account_number"),
            "meter": Column(_("Счётчик"), _meter_of_photo),
            "created_at": Column(_("Получено")),
            "file": Column(_("Файл в этом архиве"), _PHOTOS.name),
        },
        related=("submission",),
        files=_PHOTOS,
        on_deletion=OnDeletion.FORGET,
        order=32,
    ),
]
