"""What this app itself keeps of a person, in public."""

from uuid import UUID

from django.utils.translation import gettext as _

from cabinet.subscribers.models import Consent, PersonJob, Subscriber, SubscriberSession
from cabinet.subscribers.personal_data.registry import Part, Row, part_register
from cabinet.subscribers.sessions.devices import device_in_words
from portal.formats.dates import short_moment


def _profile(person: UUID) -> list[Row]:
    return [
        {
            "email": one.email or "",
            "phone": one.phone or "",
            "created_at": short_moment(one.created_at),
        }
        for one in Subscriber.objects.filter(pk=person)
    ]


def _sessions(person: UUID) -> list[Row]:
    return [
        {
            "host": one.host,
            "device": device_in_words(one.device),
            "address": one.address,
            "created_at": short_moment(one.created_at),
            "last_seen_at": short_moment(one.last_seen_at),
        }
        for one in SubscriberSession.objects.filter(subscriber=person).order_by("created_at")
    ]


def _consents(person: UUID) -> list[Row]:
    return [
        {
            "title": _("%(title)s, редакция %(number)s")
            % {"title": one.text.title, "number": one.text.number},
            "company": one.company_name,
            "host": one.host,
            "address": one.address,
            "given_at": short_moment(one.given_at),
            "withdrawn_at": short_moment(one.withdrawn_at),
        }
        for one in Consent.objects.filter(subscriber=person).select_related("text")
    ]


def _copies_delete(person: UUID) -> None:
    """The files go with the next sweep: no row knows them any more."""
    PersonJob.objects.filter(person=person, kind=PersonJob.Kind.EXPORT).delete()


def own_parts_register() -> None:
    part_register(
        Part(
            code="profile",
            title=_("Аккаунт"),
            columns={
                "email": _("Электронная почта"),
                "phone": _("Телефон"),
                "created_at": _("Создан"),
            },
            export=_profile,
            delete=_copies_delete,
            in_public=True,
            order=10,
        )
    )
    part_register(
        Part(
            code="consents",
            title=_("Согласия"),
            columns={
                "title": _("Документ"),
                "company": _("Компания"),
                "host": _("Сайт"),
                "address": _("Сетевой адрес"),
                "given_at": _("Дано"),
                "withdrawn_at": _("Отозвано"),
            },
            export=_consents,
            in_public=True,
            order=40,
        )
    )
    part_register(
        Part(
            code="sessions",
            title=_("Входы в личный кабинет"),
            columns={
                "host": _("Сайт"),
                "device": _("Устройство"),
                "address": _("Сетевой адрес"),
                "created_at": _("Вход"),
                "last_seen_at": _("Последнее действие"),
            },
            export=_sessions,
            in_public=True,
            order=90,
        )
    )
