"""Made-up people with lifelike names and addresses."""

import random
from dataclasses import dataclass

_SURNAMES, _MEN, _WOMEN, _FATHERS = (
    words.split()
    for words in (
        "Иванов Смирнов Кузнецов Попов Васильев Петров Соколов Михайлов Новиков Фёдоров Морозов "
        "Волков Алексеев Лебедев Семёнов Егоров Павлов Козлов Степанов Николаев Орлов Андреев "
        "Макаров Никитин Захаров Зайцев Соловьёв Борисов Яковлев Григорьев Романов Воробьёв Сергеев "
        "Кузьмин Фролов Александров Дмитриев Королёв Гусев Киселёв Ильин Максимов Поляков Сорокин",
        "Александр Дмитрий Сергей Андрей Алексей Владимир Михаил Николай Евгений Игорь Юрий Пётр "
        "Артём Виктор Олег Роман Павел Константин Геннадий Фёдор",
        "Елена Ольга Наталья Татьяна Ирина Светлана Анна Мария Людмила Галина Нина Валентина Тамара "
        "Надежда Екатерина Юлия Вера Лидия Зинаида Алёна",
        "Александр Владимир Николай Иван Михаил Виктор Пётр Борис Степан Фёдор Семён Егор Павел",
    )
)
_STREETS = (
    "ул. Советская",
    "ул. Юбилейная",
    "ул. Коммунальная",
    "Октябрьский пр.",
    "ул. Гагарина",
    "ул. Новосёлов",
    "пр. Ленина",
    "ул. Садовая",
    "ул. Заречная",
    "ул. Кирова",
)
_PATRONYMICS = {"Пётр": "Петр", "Павел": "Павл", "Михаил": "Михайл"}


@dataclass(frozen=True)
class Person:
    last_name: str
    first_name: str
    patronymic: str


def person(chance: random.Random) -> Person:
    """Return a made-up person; one in fifty has no patronymic."""
    surname, is_woman = chance.choice(_SURNAMES), chance.random() < 0.6
    father = chance.choice(_FATHERS)
    stem = _PATRONYMICS.get(father, father)
    if stem.endswith("й"):
        patronymic = stem[:-2] + ("ьевна" if is_woman else "ьевич")
    else:
        patronymic = stem + ("овна" if is_woman else "ович")
    return Person(
        last_name=surname + ("а" if is_woman else ""),
        first_name=chance.choice(_WOMEN if is_woman else _MEN),
        patronymic="" if chance.random() < 0.02 else patronymic,
    )


def street(chance: random.Random) -> str:
    return chance.choice(_STREETS)
