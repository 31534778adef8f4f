"""Five news of a gas company, of these days."""

import datetime

from django.utils import timezone

from cms_pages.first_pages.words import button, notice, table, text
from devtools.demo.site.build import SampleNews
from devtools.demo.site.days import NOMINATIVE, next_deadline, spoken
from devtools.demo.site.gas import GasWords


def news(words: GasWords) -> list[SampleNews]:
    today = timezone.localdate()
    return [
        _readings(today),
        _works(words, today),
        SampleNews(
            title="Как сэкономить газ в отопительный сезон",
            slug="kak-sekonomit-gaz",
            date=today - datetime.timedelta(days=12),
            category="Советы",
            lead="Пять простых привычек помогают тратить меньше газа на отопление.",
            body=(
                text(
                    "<ol><li>Ночью и на время ухода убавляйте котёл на 3–4 градуса.</li><li>Не закрывайте "
                    "батареи плотными шторами и мебелью.</li><li>Проветривайте недолго, но широко открыв "
                    "окно.</li><li>Утеплите входную дверь и окна.</li><li>Раз в год вызывайте мастера чистить "
                    "котёл: сажа забирает тепло.</li></ol>"
                ),
                notice(
                    "warning",
                    "На безопасности не экономят",
                    "<p>Не закрывайте вентиляцию, чтобы стало теплее: угарному газу некуда будет уйти.</p>",
                ),
            ),
        ),
        SampleNews(
            title="Новые цены на газ с 1 октября 2026 года",
            slug="novye-tseny-s-1-oktyabrya",
            date=datetime.date(2026, 9, 22),
            category="Тарифы",
            lead=f"Утверждены розничные цены на газ для населения {words.region}.",
            body=(
                table(
                    "Цены с 1 октября 2026 г., с НДС",
                    ["Для чего используется газ", "Цена, ₽ за м³"],
                    ("Приготовление пищи", words.cook),
                    ("Отопление жилых помещений", words.heat),
                ),
                text(
                    "<p>Газ, израсходованный до 1 октября, считаем по прежней цене, после — по новой. "
                    'Подробнее — на странице <a href="/tarify/">«Тарифы на газ»</a>.</p>'
                ),
            ),
        ),
        SampleNews(
            title="Показания, сумма и срок поверки — в личном кабинете",
            slug="odin-kabinet",
            date=datetime.date(2025, 12, 10),
            category="Сервисы",
            subject="cabinet",
            lead="Не нужно звонить и искать прошлую квитанцию: всё есть в личном кабинете.",
            body=(
                text(
                    "<p>Зарегистрируйтесь в личном кабинете и привяжите лицевой счёт: понадобится номер "
                    "счётчика или сумма из прошлой квитанции.</p><p>Один кабинет подойдёт для нескольких "
                    "квартир и для родителей, которым вы помогаете.</p>"
                ),
                button("Зарегистрироваться", "/cabinet/register/"),
            ),
        ),
    ]


def _readings(today: datetime.date) -> SampleNews:
    deadline = next_deadline(today)
    month = NOMINATIVE[deadline.month - 1]
    return SampleNews(
        title=f"Передайте показания до {spoken(deadline)}",
        slug="peredayte-pokazaniya",
        date=today - datetime.timedelta(days=1),
        category="Показания",
        lead=f"Учтём их в расчёте за {month}, если передадите до {spoken(deadline)} включительно.",
        body=(
            text(
                "<p>Понадобятся номер лицевого счёта и инициалы. Регистрироваться не обязательно.</p>"
                "<p>Передать показания можно в любой день. Те, что переданы после 25-го числа, войдут "
                "в расчёт за следующий месяц.</p>"
            ),
            button("Передать показания", "/guest/readings/"),
        ),
    )


def _works(words: GasWords, today: datetime.date) -> SampleNews:
    day = today + datetime.timedelta(days=6)
    return SampleNews(
        title=f"Плановые работы на газопроводе {spoken(day)}",
        slug="planovye-raboty",
        date=today - datetime.timedelta(days=4),
        category="Работы",
        lead=f"С 9:00 до 17:00 в {words.city} отключат газ {words.works}.",
        body=(
            text(
                "<p>Газораспределительная организация заменит задвижки. До начала работ закройте краны "
                "перед плитой, колонкой и котлом.</p>"
            ),
            notice(
                "danger",
                "Когда газ вернётся",
                "<p>Не открывайте краны сами: дождитесь мастера, он проверит оборудование и пустит газ. "
                'Если почувствуете запах газа, звоните <a href="tel:104">104</a>.</p>',
            ),
        ),
    )
