"""Sentences that the product once said and says better now do not come back.

Looked for in templates, in strings of the code, in scripts and in the catalogue, spaces and tags aside.
"""

import ast
import html
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

PRODUCT = ("portal", "tenants", "cms_pages", "cabinet", "devtools")
# «…» stands for anything short, such as a variable.
SENTENCES = """
Показание пойдёт в расчёт
Показания пойдут в расчёт
позже оно пойдёт
Ждём до
Показаний нет … газ считают
газ считают по среднему
-й месяц из
возможных, потом
примерно … ₽
и считать снова будут
получает свою долю расхода
Найти переданное раньше
Номер передачи
Найти передачу
Передачи с таким номером
Исправить или передать ещё
Скачать: для Excel
Установить на телефон
без связи
где не ловит
уйдёт, когда вы откроете
Засчитаем его за тот день
Сохранено на телефоне
Сеанс закончился раньше
форма ушла
Мы не приняли форму
защищаем вас от подделки
всё должно быть как в квитанции
Нужны только первые буквы
В следующий раз останется
Не отмечайте на чужом устройстве
Отметьте, что произошло
Что произошло?
перешёл через ноль
Слишком много цифр
он выглядит как
цифр, а у вас
Это номер другой страны
угадывают первым
угадывают за секунду
Без вашего имени, адреса и телефона
или ответьте на вопрос
Подтвердите адрес.
Ошиблись в адресе?
Кто-то меняет адрес вашего кабинета
своё дело сделала
Остался один шаг: нажмите кнопку
только один раз: после входа
Если просили пароль недавно
Если с такими данными есть личный кабинет
на его электронную почту поступит сообщение
Вход без ожидания
Никому его не говорите
можно с пробелом
С телефоном можно входить по номеру
Портал пока не рассылает
Подписаться можно заранее
О чём пишем всегда
кабинет собираются удалить
Устройства, на которых открыт ваш кабинет
Завершить остальные
Проверить, готова ли
В архиве два файла с одним и тем же
по ним уже посчитано
До этого дня можно передумать
телефон на сайте: http
Этот адрес хотели указать
нажмите в нём кнопку
вы согласия ещё не давали
Сейчас открыто до
после обеда — с
Каждая последняя
Угарный газ не видно и не слышно
тяги нет, а пламя горит
Пеня за взнос
1/300 ставки
отвечаем за гарантию
когда срок поверки истёк, начислять приходится
Приходите: 1
Лента Atom
квитанция «техобслуживание»
"""
# Manners, as patterns; what each allows stands behind it.
MANNERS = {
    r"(\d|…)\s(дн|ч|мин|сут|сек)\.": "durations are in words: portal/formats/words.py",
    r"\bметк[аиуе]\b": "a field of a form has a name",
    r"\bаккаунт": "личный кабинет; the manual's labels are in LABELS",
    r"\bприбор\w* учёта": "счётчик; law and the manual's labels are in LABELS",
    r"\bна (?:этом )?телефоне\b": "на этом устройстве; where it is a telephone, in LABELS",
    r"\bE-mail\b": "Электронная почта (email)",
}
# The manuals' labels and the law's words, with what stands around them.
LABELS = (
    "Аккаунт Подписки",
    "«Аккаунт»",
    "Удалить аккаунт",
    "Удаление аккаунта",
    "авториз аккаунт",  # what people search for
    "показания приборов учёта, начисления",
    "показания прибора учёта, телефон",
    "прибора учёта, акт проверки",
    "приложения на телефоне",
    "на телефоне с MAX",
)


@cache
def texts() -> tuple[tuple[str, str], ...]:
    """Read what the product says: a file's name and one text of it."""
    return tuple(
        (str(path.relative_to(settings.BASE_DIR)), plain(text))
        for path, text in _texts(settings.BASE_DIR)
    )


def plain(text: str) -> str:
    """Strip tags, and write variables as «…» and spaces as one."""
    text = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", " ", text, flags=re.DOTALL)
    text = re.sub(r"\{%.*?%\}", " ", text, flags=re.DOTALL)
    text = re.sub(r"\{\{.*?\}\}|%\(\w+\)[sd]|\$\{[^}]*\}|\{\w*\}", "…", text, flags=re.DOTALL)
    text = html.unescape(re.sub(r"</?[a-zA-Z][^<>]*>", " ", text)).replace("\\u00a0", " ")
    return re.sub(r"\s+", " ", text).replace(" .", ".").replace(" ,", ",")


def _texts(root: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted((root / "templates").rglob("*.html")):
        yield path, path.read_text()
    for path in sorted((root / "portal/assets/js").rglob("*.js")):
        yield path, re.sub(r"^\s*//.*$", "", path.read_text(), flags=re.MULTILINE)
    for folder in PRODUCT:
        for path in sorted((root / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from ((path, text) for text in _strings(ast.parse(path.read_text())))
    for path in sorted((root / "locale").rglob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                words = message.string
                for text in words if isinstance(words, tuple) else (words,):
                    yield path, str(text)


def _strings(tree: ast.Module) -> Iterator[str]:
    """Yield strings of the code but its docstrings; what an f-string puts in is «…»."""
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            silent |= {id(part) for part in node.values}
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            yield "" if id(node) in silent else str(node.value)


def found(pattern: str) -> list[str]:
    expression = re.compile(pattern, re.IGNORECASE)
    return [
        f"{name}: {text[max(0, match.start() - 60) : match.end() + 60]}"
        for name, text in texts()
        for match in expression.finditer(text)
        if not any(label in text[max(0, match.start() - 60) : match.end() + 60] for label in LABELS)
    ]


@pytest.mark.parametrize("sentence", SENTENCES.strip().splitlines())
def test_a_sentence_that_was_said_better_does_not_come_back(sentence):
    places = found(re.escape(sentence).replace("…", ".{1,60}?"))
    assert not places, "\n".join(places)


@pytest.mark.parametrize("manner", MANNERS)
def test_a_manner_does_not_come_back(manner):
    places = found(manner)
    assert not places, "\n".join([MANNERS[manner], *places])


def test_a_long_day_ends_the_sentence_itself():
    """A day in words ends with «г.», so another full stop after it would be the second."""
    stop = re.compile(r"\|long_day *\}\}(?:\s*\{%[^%]*%\})*\.")
    templates = (settings.BASE_DIR / "templates").rglob("*.html")
    assert [path.name for path in templates if stop.search(path.read_text())] == []
