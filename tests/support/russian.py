"""What is not Russian on a page of the staff: Latin words, numbers with the wrong ending, leftovers."""

import re
from collections.abc import Iterator, Set

from bs4 import BeautifulSoup, Tag

# Names, formats and keys; everything else in Latin letters is a word that nobody has translated.
_NAMES = """
    PDF CSV XLSX XLS ZIP Zip JSON XML TXT BOM UTF DOC DOCX ODT RTF PNG JPEG JPG GIF WebP WEBP
    AVIF SVG HEIC ICO pdf csv xlsx zip json txt doc docx jpeg jpg png Excel QR API DNS HTTP
    HTTPS HTML URL SMTP Caps Lock Ctrl Shift Alt Enter Esc Tab Mod YooKassa ЮKassa shopId MAX
    RuStore App Store Google Play Authenticator Aegis FreeOTP YouTube Vimeo Rutube Linux
    Windows Chrome Firefox Safari tarify
"""
NAMES = frozenset(_NAMES.split())
_INLINE = ["b", "strong", "em", "i", "span", "small", "mark", "u", "time", "abbr"]
# Empty, or filled by a script.
_MARKS = {"", "()", "<div> </div>"}
_SHOWN = ("title", "placeholder", "aria-label", "alt", "aria-description")
_BUTTONS = ("submit", "button", "reset")
_SHOWN_DATA = re.compile(
    r"^data-.*(label|text|message|active-value|title|tooltip|content)(-value)?$"
)
# Addresses, mailboxes, names of files, places in a folder, colours and codes are no words.
_ADDRESS = re.compile(
    r"__LABEL__|"
    r"https?://\S+|[\w.+-]+@[\w.-]+|/[\w./{}-]+|#[0-9a-f]{3,8}\b|\b[\w-]+\.[a-z]\w{0,5}(\.\w+)*\b"
    r"|\b[\w-]*\d[\w-]*[A-Za-z][\w-]*\b|\b[\w]+[-_][\w-]*\d[\w-]*\b|\b[A-Za-z]+\d[\w-]*\b",
    re.I,
)
_LATIN = re.compile(r"[A-Za-z]{2,}|[а-яё][A-Za-z]|[A-Za-z][а-яё]", re.I)
_LEFTOVER = re.compile(
    r"«\s*»|\( *\)|\s[,.;!?](?=\s|$)|,\.|[’'\"][А-яЁё]|(?!кВт)[а-яё][А-ЯЁ]|\d[а-яё]{3,}"
)
# One, two, five of each thing that pages count.
_NOUNS = """
    страница страницы страниц
    изображение изображения изображений
    документ документа документов
    запись записи записей
    комментарий комментария комментариев
    ошибка ошибки ошибок
    ответ ответа ответов
    обращение обращения обращений
    счёт счёта счетов
    день дня дней
    час часа часов
    минута минуты минут
    месяц месяца месяцев
    строка строки строк
    файл файла файлов
    письмо письма писем
    сообщение сообщения сообщений
    компания компании компаний
    сотрудник сотрудника сотрудников
    раз раза раз
    знак знака знаков
    слово слова слов
    платёж платежа платежей
    показание показания показаний
    коллекция коллекции коллекций
    версия версии версий
    вход входа входов
    сайт сайта сайтов
    ссылка ссылки ссылок
    центр центра центров
    квитанция квитанции квитанций
    заявление заявления заявлений
    заявка заявки заявок
    пакет пакета пакетов
    правило правила правил
    проблема проблемы проблем
"""
_FORMS = {form: line.split() for line in _NOUNS.strip().splitlines() for form in line.split()}
_COUNTED = re.compile(r"(?<![\d.,:№/–-])(\d[\d \u2009\u202f]*)\s([а-яё]+)")


def strange_words(page: str, own: Set[str] = frozenset()) -> set[str]:
    """Return what a reader of Russian would stumble over; `own` are words of the test's own rows."""
    return {
        f"{', '.join(words)} in «{text[:90]}»"
        for text in _texts(page)
        if (words := sorted(set(_strange(text, own))))
    }


def _strange(text: str, own: Set[str]) -> Iterator[str]:
    plain = _ADDRESS.sub(" ", text)
    for found in _LATIN.finditer(plain):
        start, end = found.span()
        while start and plain[start - 1].isalpha():
            start -= 1
        while end < len(plain) and plain[end].isalpha():
            end += 1
        word = plain[start:end]
        if word not in NAMES and word not in own:
            yield word
    for found in _LEFTOVER.finditer(text):
        yield found.group()
    for found in _COUNTED.finditer(text):
        number, noun = int(re.sub(r"\D", "", found.group(1))), found.group(2)
        if noun in _FORMS and not _agrees(number, noun):
            yield found.group()


def _agrees(number: int, noun: str) -> bool:
    one, few, many = _FORMS[noun]
    last, hundred = number % 10, number % 100
    if last == 1 and hundred != 11:
        return noun in {one, few}
    if 2 <= last <= 4 and not 12 <= hundred <= 14:
        return noun in {few, many}
    return noun == many


def _texts(page: str) -> Iterator[str]:
    soup = BeautifulSoup(page, "lxml")
    for tag in soup(["script", "style", "svg", "code", "pre", "kbd", "textarea", "noscript"]):
        tag.decompose()
    for tag in soup.select('.w-side-panel-toggle__counter, [lang="en"]'):  # filled by a script
        tag.decompose()
    for tag in soup.find_all(True):
        yield from _attributes(tag)
    for tag in soup(_INLINE):
        tag.unwrap()
    soup.smooth()
    for text in soup.find_all(string=True):
        plain = " ".join(text.split())
        if type(text).__name__ not in {"Doctype", "Comment"} and plain not in _MARKS:
            yield plain


def _attributes(tag: Tag) -> Iterator[str]:
    for name, value in tag.attrs.items():
        if not isinstance(value, str) or value.startswith(("{", "[", "#", "<")):
            continue
        is_button = name == "value" and tag.name == "input" and tag.get("type") in _BUTTONS
        if (name in _SHOWN or is_button or _SHOWN_DATA.match(name)) and value.strip():
            yield " ".join(value.split())
