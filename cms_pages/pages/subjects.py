"""Drawn pictures of news: the subjects that an editor chooses or the title names."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from cms_pages.pages.news import NewsPage

NONE = "none"


@dataclass(frozen=True)
class Subject:
    """A subject with its drawings of `portal/assets/img/subjects`, the best one first."""

    label: Any
    drawings: tuple[str, ...]
    words: str = ""  # of titles, as beginnings of words


# The first whose words stand in the title is taken, so what is narrow stands before what is wide.
SUBJECTS = {
    "carbon": Subject(_("Угарный газ и вентиляция"), ("air", "boiler"), "угарн|вентил|дымоход|тяг"),
    "safety": Subject(
        _("Безопасность, запах газа"), ("safety", "air"), "безопасн|запах|утечк|авари"
    ),
    "verification": Subject(_("Поверка счётчика"), ("check", "meter"), "повер"),
    "readings": Subject(_("Показания счётчика"), ("meter", "check"), "показан|счётчик|счетчик"),
    "bills": Subject(
        _("Квитанции, долги и пени"), ("bill", "payment"), "квитанц|пен[яи]|долг|начисл"
    ),
    "tariffs": Subject(_("Цены на газ"), ("tariffs", "bill"), "цен[аыуе]|тариф"),
    "contribution": Subject(_("Взнос на капитальный ремонт"), ("fund", "payment"), "взнос"),
    "payment": Subject(_("Оплата"), ("payment", "bill"), "оплат|платит|платеж|платёж|комисс|льгот"),
    "hours": Subject(
        _("Часы работы и праздники"), ("hours", "centre"), "праздн|выходн|график|час[ыо]"
    ),
    "centres": Subject(_("Центры обслуживания"), ("centre", "town"), "центр|офис|касс"),
    "cabinet": Subject(_("Личный кабинет"), ("cabinet", "payment"), "кабинет|сайт|приложен"),
    "connection": Subject(_("Подключение к газу"), ("village", "stove"), "подключ|догаз|газификац"),
    "warmth": Subject(
        _("Тепло и экономия"), ("warmth", "boiler"), "эконом|отопит|отоплен|мороз|тепл"
    ),
    "appliances": Subject(
        _("Плита, котёл, обслуживание"), ("stove", "boiler"), "плит|кот[ёл]|колонк|обслуж"
    ),
    "works": Subject(_("Работы на газопроводе"), ("repair", "village"), "газопровод|отключ|планов"),
    "meeting": Subject(
        _("Собрание собственников"), ("meeting", "town"), "собран|голосован|собственник"
    ),
    "report": Subject(_("Отчёт"), ("report", "town"), "отчёт|отчет|итог"),
    "lift": Subject(_("Лифты"), ("lift", "facade"), "лифт"),
    "roof": Subject(_("Ремонт крыши"), ("roof", "facade"), "крыш|кровл"),
    "pipes": Subject(_("Трубы и отопление дома"), ("pipes", "facade"), "труб|стояк|котельн|подвал"),
    "facade": Subject(_("Ремонт дома"), ("facade", "roof"), "фасад|ремонт|капитальн"),
    "town": Subject(_("Город"), ("town",)),
}
# What a title without any of the words gets.
OTHER = SUBJECTS["town"]


def subject_choices() -> list[tuple[str, Any]]:
    """Return the choices of the field: a function, so that a new subject needs no migration."""
    subjects = [(code, subject.label) for code, subject in SUBJECTS.items()]
    return [("", _("По словам заголовка")), (NONE, _("Без картинки")), *subjects]


def subject_of(title: str, chosen: str = "") -> Subject | None:
    """Return the chosen subject, or the one that the title names; None for no picture."""
    if chosen:
        return SUBJECTS.get(chosen)
    return next(
        (
            one
            for one in SUBJECTS.values()
            if one.words and re.search(rf"\b(?:{one.words})", title, re.IGNORECASE)
        ),
        OTHER,
    )


def news_illustrate(news: Iterable["NewsPage"], taken: Sequence[str] = ()) -> list["NewsPage"]:
    """Return the news with `image` or `drawing` set, none of which stands twice on the page.

    An uploaded picture goes before a drawing. Each gets the best drawing of its subject that is free;
    where a subject has no more, an item has no picture. `taken` are drawings that the page shows already.
    """
    items = list(news)
    used, waiting = set(taken), []
    images: set[int] = set()
    for item in items:
        item.image, item.drawing = None, ""
        if item.picture_id and item.picture_id not in images:
            images.add(item.picture_id)
            item.image = item.picture
        elif subject := subject_of(item.title, item.subject):
            waiting.append((item, subject))
    # First what fits best, for all of them; then second drawings for those that are left.
    for place in range(max((len(subject.drawings) for _item, subject in waiting), default=0)):
        for item, subject in waiting:
            drawing = subject.drawings[place] if place < len(subject.drawings) else ""
            if not item.drawing and drawing and drawing not in used:
                used.add(drawing)
                item.drawing = drawing
    return items
