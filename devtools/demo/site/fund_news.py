"""Five news of the capital-repair fund, of these days."""

import datetime

from django.utils import timezone

from cms_pages.first_pages.words import button, table, text
from devtools.demo.site.build import SampleNews


def news() -> list[SampleNews]:
    today = timezone.localdate()
    return [
        SampleNews(
            title="В Сургуте закончили менять лифты в 18 домах",
            slug="lifty-v-surgute",
            date=today - datetime.timedelta(days=9),
            category="Работы",
            lead="Комиссия приняла 52 новых лифта. Они останавливаются плавно и объявляют этаж.",
            body=(
                text(
                    "<p>Прежние лифты прослужили 25 лет и больше. В новых диспетчера вызывают одной кнопкой."
                    "</p><p>На работы даём гарантию пять лет.</p>"
                ),
            ),
        ),
        SampleNews(
            title=f"Размер взноса на {today.year + 1} год",
            slug="razmer-vznosa",
            date=today - datetime.timedelta(days=3),
            category="Взносы",
            lead="Минимальный взнос на следующий год опубликует правительство округа до 31 декабря.",
            body=(
                text(
                    "<p>Сейчас взнос — 16,00 ₽ за м². Новый начнёт действовать с 1 января, прошлые месяцы пересчитывать "
                    'не будем. Как рассчитывается взнос — <a href="/vznosy/">на нашей странице</a>.</p>'
                ),
            ),
        ),
        SampleNews(
            title="Пени по взносам: как их избежать",
            slug="peni-kak-izbezhat",
            date=today - datetime.timedelta(days=40),
            category="Взносы",
            lead="Первые 30 дней просрочки пени не начисляются. Затем они растут каждый день.",
            body=(
                text(
                    "<p>С 31-го дня начисляем 1/300 ключевой ставки за каждый день долга. Чтобы пеней не было, платите "
                    "каждый месяц до 15-го числа. Сумма к оплате есть в личном кабинете.</p>"
                ),
                button("Войти в личный кабинет", "/cabinet/"),
            ),
        ),
        SampleNews(
            title=f"Собрание собственников: решаем о ремонте на {today.year + 2} год",
            slug="sobranie-o-remonte",
            date=today - datetime.timedelta(days=20),
            category="Работы",
            lead="Предложения получили 390 домов. На решение — три месяца.",
            body=(
                text(
                    "<p>Если собрание не состоится, решение за дом примет муниципалитет. Форму протокола "
                    "и смету попросите у нас по телефону.</p>"
                ),
            ),
        ),
        SampleNews(
            title="Отчёт фонда за 2025 год",
            slug="otchet-2025",
            date=datetime.date(2026, 6, 25),
            category="Отчёты",
            lead="Отремонтировано 437 домов, проверка аудитора прошла без замечаний.",
            body=(
                table(
                    "Главное за 2025 год",
                    ["Показатель", "Итог"],
                    ("Отремонтировано домов", "437"),
                    ("Собираемость взносов", "95,8 %"),
                    ("Заменено лифтов", "214"),
                ),
            ),
        ),
    ]
