"""That a person wants to be reminded of readings. It goes with the person, and with the link."""

from uuid import UUID

from django.utils.translation import gettext as _

from cabinet.reminders.models import ReadingReminder
from cabinet.subscribers.models import AccountLink
from cabinet.subscribers.personal_data.registry import Part, Row, part_register
from portal.formats.dates import short_moment


def _reminders(person: UUID) -> list[Row]:
    reminders = ReadingReminder.objects.filter(subscriber_id=person).select_related("account")
    return [
        {
            "account_number": reminder.account.account_number,
            "created_at": short_moment(reminder.created_at),
        }
        for reminder in reminders.order_by("created_at")
    ]


def _delete(person: UUID) -> None:
    ReadingReminder.objects.filter(subscriber_id=person).delete()


def _unlink(link: AccountLink) -> None:
    ReadingReminder.objects.filter(
        subscriber_id=link.subscriber_id, account__account_number=link.account_number
    ).delete()


def reminder_part_register() -> None:
    part_register(
        Part(
            code="reading_reminders",
            title=_("Напоминания о показаниях"),
            columns={"account_number": _("Лицевой счёт"), "created_at": _("Включено")},
            export=_reminders,
            delete=_delete,
            unlink=_unlink,
            order=60,
        )
    )
