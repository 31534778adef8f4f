"""The acknowledgement of readings, which a company may word itself."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.meters.readings.acknowledgement import AcknowledgedReading, Acknowledgement
from portal.formats.numbers import cubic_metres
from portal.messaging.wording import Placeholder, Wording


def _of(value: Callable[[Acknowledgement], str]) -> Callable[[Mapping[str, Any]], str]:
    return lambda context: value(context["acknowledgement"])


def _outcome(acknowledgement: Acknowledgement) -> str:
    return _("Показания получены") if acknowledgement.is_overdue else _("Показания приняты")


def _lines(acknowledgement: Acknowledgement) -> str:
    return "\n".join(map(_line, acknowledgement.readings))


def _line(reading: AcknowledgedReading) -> str:
    values = {
        "model": reading.model,
        "number": reading.number,
        "value": cubic_metres(reading.value),
    }
    line = _("%(model)s, счётчик № %(number)s: %(value)s") % values
    return _("%(line)s (счётчик заменён)") % {"line": line} if reading.is_new_meter else line


def _to_do(context: Mapping[str, Any]) -> str:
    """Return what must be said of an overdue or a replaced meter; empty for most."""
    acknowledgement, phone = context["acknowledgement"], context["phone"]
    said = []
    if acknowledgement.is_overdue:
        said.append(
            _(
                "Срок поверки счётчика истёк. В этом случае начисляем по нормативу, поэтому показание "
                "могут не принять к расчёту. Закажите поверку."
            )
        )
    if acknowledgement.has_new_meter:
        said.append(
            _(
                "Показание нового счётчика мы передадим компании с пометкой о замене. Чтобы счётчик "
                "приняли к учёту, договоритесь о приёмке."
            )
        )
    if said and phone:
        said.append(_("Телефон: %(phone)s.") % {"phone": phone.number})
    return " ".join(said)


READINGS_RECEIVED = Wording(
    kind="readings_received",
    title=gettext_lazy("Квитанция о приёме показаний"),
    placeholders=(
        Placeholder(
            "итог",
            gettext_lazy("приняты показания или только получены, если срок поверки истёк"),
            "Показания приняты",
            _of(_outcome),
            is_required=True,
        ),
        Placeholder(
            "номер квитанции",
            gettext_lazy("номер квитанции о приёме"),
            "482 913 557",
            _of(lambda one: one.spoken_number),
            is_required=True,
        ),
        Placeholder(
            "лицевой счёт",
            gettext_lazy("номер лицевого счёта"),
            "805107000123",
            _of(lambda one: one.account_number),
        ),
        Placeholder(
            "принято",
            gettext_lazy("когда показания пришли"),
            "28 ноября 2026 г. в 14:05",
            _of(lambda one: one.received),
        ),
        Placeholder(
            "показания",
            gettext_lazy("счётчики и показания, по строке на каждый"),
            "СГБМ-1,6, счётчик № …6852: 1935 м³",
            _of(_lines),
            is_required=True,
            is_long=True,
        ),
        Placeholder(
            "расчёт",
            gettext_lazy("в какой расчёт войдут показания"),
            "Показание на 28 ноября 2026 г., войдёт в расчёт за декабрь",
            _of(lambda one: one.counts_for_text),
        ),
        Placeholder(
            "важно",
            gettext_lazy("что сделать, если срок поверки истёк или счётчик заменён; обычно пусто"),
            "Срок поверки счётчика истёк. Закажите поверку.",
            _to_do,
            is_required=True,
            is_long=True,
        ),
        Placeholder(
            "ссылка",
            gettext_lazy("страница квитанции о приёме"),
            "https://company.ru/cabinet/meters/482913557/",
            "url",
            button=gettext_lazy("Открыть квитанцию о приёме"),
            is_required=True,
            is_long=True,
        ),
        Placeholder(
            "компания",
            gettext_lazy("название компании"),
            "Газпром межрегионгаз Псков",
            "company_name",
        ),
    ),
    subject="{итог}, номер квитанции о приёме {номер квитанции} — {компания}",
    text="""{итог}.

Лицевой счёт {лицевой счёт}. Номер квитанции о приёме {номер квитанции}, принято {принято}.

{показания}

{расчёт}. Если ошиблись, исправьте показание сегодня же.

{важно}

{ссылка}""",
    short="{итог}, лицевой счёт {лицевой счёт}. Номер квитанции о приёме {номер квитанции}. {компания}",
)
