"""What `ConnectionApplication.answers` holds, and how people read it.

Each step of the form writes one key; a step that was never saved has none. All values are texts: yes is
"yes", no is "".

- `applicant`: `role` (Role), `is_shared` (several owners), `owner` (whom an agent speaks for), `name`,
  `phone` (`+7…`), `email`, `post_address`, `ground` (Ground), `ground_text` (the right's paper in words)
- `object`: `kind` (ObjectKind), `kind_text` (of «другое»), `address`, `gasified` (Gasified), `land_number`,
  `house_number` (cadastral, `60:27:0140102:45`), `works` (a list of Work)
- `equipment`: `units`, a list of `type` (pk), `name`, `count`, `power` (kW or ""), `flow` (m³/h of one),
  `is_by_passport` (the flow was typed); `flow` (m³/h of all)

Papers are rows of ConnectionPaper, consents of cabinet.subscribers: neither are answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from cabinet.connection.calculator import flow_shown
from cabinet.subscribers.contacts import Contact

Answers = Mapping[str, Any]


class Step(models.TextChoices):
    """The steps in their order; the values are in their addresses."""

    APPLICANT = "applicant", _("Заявитель")
    OBJECT = "object", _("Объект")
    EQUIPMENT = "equipment", _("Оборудование")
    PAPERS = "papers", _("Документы")
    REVIEW = "review", _("Проверка")


class Role(models.TextChoices):
    OWNER = "owner", _("Собственник")
    CO_OWNER = "co_owner", _("Один из собственников")
    AGENT = "agent", _("Представитель собственника")


class Ground(models.TextChoices):
    REGISTERED = "registered", _("Собственность, право записано в ЕГРН")
    UNREGISTERED = "unregistered", _("Собственность, права в ЕГРН нет")
    RENT = "rent", _("Аренда или другое право пользования")


class ObjectKind(models.TextChoices):
    HOUSE = "house", _("Жилой дом")
    GARDEN = "garden", _("Дом в садовом товариществе")
    FLAT = "flat", _("Квартира")
    OTHER = "other", _("Другое здание")


class Gasified(models.TextChoices):
    YES = "yes", _("Да")
    NO = "no", _("Нет")
    UNKNOWN = "unknown", _("Не знаю")


class Work(models.TextChoices):
    """What the applicant asks for inside the bounds of his land, besides the pipe up to them."""

    INSIDE = "inside", _("Подключить внутри границ участка")
    PROJECT = "project", _("Спроектировать сеть газопотребления")
    PIPES = "pipes", _("Построить газопровод на участке и в доме")
    EQUIPMENT = "equipment", _("Установить оборудование")
    METER = "meter", _("Поставить счётчик")


Line = tuple[str, str]


def answers_read(answers: Answers) -> list[tuple[str, list[Line]]]:
    """Return the answers as headings, each with its labels and values; what was not answered is left out."""
    parts = [
        (Step.APPLICANT, _applicant(answers.get(Step.APPLICANT) or {})),
        (Step.OBJECT, _object(answers.get(Step.OBJECT) or {})),
        (Step.EQUIPMENT, _equipment(answers.get(Step.EQUIPMENT) or {})),
    ]
    return [
        (str(step.label), [(str(label), str(value)) for label, value in lines if value])
        for step, lines in parts
    ]


def _applicant(given: Answers) -> list[tuple[Any, Any]]:
    phone = given.get("phone", "")
    return [
        (_("Кто подаёт"), _label(Role, given.get("role"))),
        (_("ФИО заявителя"), given.get("name")),
        (_("ФИО собственника"), given.get("owner")),
        (_("Собственников несколько"), _("Да") if given.get("is_shared") else ""),
        (_("Телефон"), Contact("phone", phone) if phone else ""),
        (_("Электронная почта"), given.get("email")),
        (_("Почтовый адрес"), given.get("post_address")),
        (_("Право на дом или участок"), _label(Ground, given.get("ground"))),
        (_("Документ о праве"), given.get("ground_text")),
    ]


def _object(given: Answers) -> list[tuple[Any, Any]]:
    works = [str(_label(Work, one)) for one in given.get("works") or []]
    return [
        (_("Что подключить"), given.get("kind_text") or _label(ObjectKind, given.get("kind"))),
        (_("Адрес"), given.get("address")),
        (_("В населённом пункте есть газ"), _label(Gasified, given.get("gasified"))),
        (_("Кадастровый номер участка"), given.get("land_number")),
        (_("Кадастровый номер дома"), given.get("house_number")),
        (_("Какие ещё работы нужны"), "; ".join(works)),
    ]


def _equipment(given: Answers) -> list[tuple[Any, Any]]:
    lines: list[tuple[Any, Any]] = []
    for unit in given.get("units") or []:
        power = _("мощность %s кВт") % unit["power"].replace(".", ",") if unit["power"] else ""
        said = [f"{unit['count']} шт.", power, flow_shown(Decimal(unit["flow"]))]
        lines.append((unit["name"], ", ".join(str(one) for one in said if one)))
    if total := given.get("flow"):
        lines.append((_("Расход всего"), flow_shown(Decimal(total))))
    return lines


def _label(choices: type[models.TextChoices], value: Any) -> Any:
    return choices(value).label if value in choices.values else ""
