"""What the demo's subscribers have asked, and what they were answered."""

from dataclasses import dataclass

DAY = 24.0


@dataclass(frozen=True, kw_only=True)
class DemoAppeal:
    """`messages`: (author, hours after the appeal, text). `writer`: which of the two demo subscribers."""

    kind: str
    text: str
    hours_ago: float
    state: str
    account: str = ""
    writer: str = ""
    source: str = "cabinet"
    question: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    context: str = ""
    term_hours: float = 14 * DAY
    messages: tuple[tuple[str, float, str], ...] = ()
    is_taken: bool = False
    is_unread: bool = False
    has_news: bool = False
    is_solved: bool | None = None
    mark: int | None = None
    mark_comment: str = ""
    has_picture: bool = False


METERS = "Поверка ПУГ"
CHARGES = "Начисления и оплата"
READINGS = "Показания счётчика"
CONTRACT = "Договор и лицевой счёт"

_MAIL = "abonent@example.ru"

# Figure 33 of manual 1 has the first three, from the oldest on.
PSKOV = (
    DemoAppeal(
        account="805107",
        writer="by_mail",
        email=_MAIL,
        kind=METERS,
        question="Пломбировка счётчика",
        text="Требуется пломбировка",
        hours_ago=82 * DAY,
        state="done",
        messages=(
            (
                "staff",
                26,
                "Здравствуйте! Мастер приедет 11 сентября с 9 до 12 часов. Пломбировка бесплатна.",
            ),
            ("subscriber", 75, "Спасибо, мастер был."),
        ),
        is_taken=True,
        is_solved=True,
        mark=5,
        mark_comment="Приехали вовремя.",
    ),
    DemoAppeal(
        account="805107",
        writer="by_mail",
        email=_MAIL,
        kind=METERS,
        question="Счётчик неисправен",
        text="Добрый день! Что с этим делать?",
        hours_ago=45 * DAY,
        state="answered",
        messages=(
            (
                "staff",
                50,
                "Здравствуйте! По снимку видно, что счётчик исправен: мигает знак передачи данных. "
                "Делать ничего не нужно.",
            ),
        ),
        is_taken=True,
        has_picture=True,
    ),
    DemoAppeal(
        account="805107",
        writer="by_mail",
        email=_MAIL,
        kind=READINGS,
        question="Исправить показание",
        text="В октябре передала 1957 вместо 1597. Пожалуйста, исправьте.",
        hours_ago=38 * DAY,
        state="done",
        messages=(
            ("staff", 20, "Здравствуйте! Показание исправили, перерасчёт будет в новой квитанции."),
        ),
        is_taken=True,
        is_solved=True,
        mark=4,
    ),
    DemoAppeal(
        account="805107",
        writer="by_mail",
        email=_MAIL,
        kind=CHARGES,
        question="Непонятна сумма в квитанции",
        text="Почему в ноябре сумма выросла почти вдвое? Показания передаю каждый месяц.",
        hours_ago=6 * DAY,
        state="answered",
        messages=(
            ("note", 40, "Сверил с показаниями: расход вырос с началом отопления."),
            (
                "staff",
                47,
                "Здравствуйте! С 12 октября вы включили отопление: расход вырос с 14 до 27 м³. "
                "Цена газа не менялась. Подробности — в квитанции за ноябрь, раздел «Как получилась сумма».",
            ),
        ),
        is_taken=True,
        is_unread=True,
    ),
    DemoAppeal(
        account="806018",
        writer="by_mail",
        email=_MAIL,
        kind=CONTRACT,
        question="Изменить количество проживающих",
        text="С ноября на даче никто не живёт. Как приостановить начисления?",
        hours_ago=4 * DAY,
        state="waiting",
        messages=(
            (
                "staff",
                30,
                "Здравствуйте! Пришлите, пожалуйста, снимок счётчика с показанием на день отъезда — "
                "тогда начислим только по счётчику.",
            ),
        ),
        is_taken=True,
        is_unread=True,
    ),
    DemoAppeal(
        account="806018",
        writer="by_mail",
        email=_MAIL,
        kind=CHARGES,
        question="Платёж не учтён",
        text="Оплатила 14 ноября на почте, в кабинете платежа нет.",
        hours_ago=13 * DAY,
        state="in_work",
        term_hours=12 * DAY,
        messages=(
            ("staff", 60, "Здравствуйте! Пришлите, пожалуйста, снимок чека."),
            ("subscriber", 98, "Чек во вложении: 956,24 ₽, 14 ноября."),
        ),
        is_taken=True,
        has_news=True,
        has_picture=True,
    ),
    DemoAppeal(
        account="805107",
        writer="by_mail",
        email=_MAIL,
        kind=CONTRACT,
        question="Сменить номер телефона",
        text="Укажите, пожалуйста, новый номер телефона.",
        hours_ago=9 * DAY,
        state="withdrawn",
    ),
    DemoAppeal(
        account="805107",
        writer="by_phone",
        phone="+79110000000",
        kind=READINGS,
        text="Показание передали два раза, какое учтёте?",
        hours_ago=20,
        state="new",
        term_hours=10 * DAY,
    ),
    DemoAppeal(
        account="805112",
        source="operator",
        phone="+79115550101",
        kind=METERS,
        question="Поверка счётчика",
        text="Звонил абонент: срок поверки истекает в декабре, просит прислать мастера в субботу.",
        hours_ago=3,
        state="in_work",
        term_hours=3 * DAY,
        is_taken=True,
    ),
    DemoAppeal(
        source="site",
        name="Марина",
        email="marina@example.ru",
        kind="Написать нам",
        text="Хотим провести газ в дом в деревне Неёлово. С чего начать и сколько это стоит?",
        hours_ago=26,
        state="new",
        term_hours=30,
    ),
    DemoAppeal(
        source="site",
        name="Игорь Петрович",
        email="igor@example.ru",
        kind="Написать нам",
        text="Будет ли работать офис на Рижском проспекте 31 декабря?",
        hours_ago=17 * DAY,
        state="done",
        messages=(("staff", 5, "Здравствуйте! Да, 31 декабря работаем с 8 до 16 часов."),),
        is_taken=True,
    ),
    DemoAppeal(
        account="805107",
        writer="by_mail",
        email=_MAIL,
        kind=METERS,
        question="Поверка счётчика",
        text="Счётчик поверили 20 ноября, свидетельство прикладываю. Когда вы учтёте новый срок?",
        context="Счётчик № 07416852, последнее показание 1957 м³",
        hours_ago=15 * DAY,
        state="new",
        term_hours=14 * DAY,
        has_picture=True,
    ),
    DemoAppeal(
        account="805112",
        source="operator",
        kind=CHARGES,
        question="Рассрочка долга",
        text="Просит рассрочку на три месяца.",
        hours_ago=65 * DAY,
        state="done",
        term_hours=10 * DAY,
        messages=(
            (
                "staff",
                17 * DAY,
                "Рассрочку оформили: по 1 250 ₽ в месяц, первый платёж до 15 октября.",
            ),
        ),
        is_taken=True,
        is_solved=False,
        mark=2,
        mark_comment="Ждали больше двух недель.",
    ),
)

NOVGOROD = (
    DemoAppeal(
        account="510080",
        writer="by_mail",
        email=_MAIL,
        kind=READINGS,
        question="Исправить показание",
        text="Мама перепутала цифры, верное показание 4218.",
        hours_ago=33 * DAY,
        state="done",
        messages=(("staff", 9, "Здравствуйте! Исправили, спасибо."),),
        is_taken=True,
        mark=5,
        is_solved=True,
    ),
    DemoAppeal(
        account="510080",
        writer="by_mail",
        email=_MAIL,
        kind=METERS,
        question="Поверка счётчика",
        text="Можно ли поверить счётчик дома, не снимая?",
        hours_ago=2 * DAY,
        state="new",
    ),
)

YUGRA = (
    DemoAppeal(
        account="8600220999",
        writer="by_mail",
        email=_MAIL,
        kind="Взносы и квитанции",
        text="Почему в квитанции есть пеня, если я плачу каждый месяц?",
        hours_ago=5 * DAY,
        state="answered",
        messages=(
            (
                "staff",
                31,
                "Здравствуйте! Платёж за август поступил 3 октября, пеня начислена за эти дни.",
            ),
        ),
        is_taken=True,
        is_unread=True,
    ),
    DemoAppeal(
        account="8600220999",
        writer="by_mail",
        email=_MAIL,
        kind="Капитальный ремонт дома",
        text="Когда начнётся ремонт крыши в нашем доме?",
        hours_ago=30,
        state="new",
    ),
)

APPEALS = {"pskov": PSKOV, "novgorod": NOVGOROD, "yugra": YUGRA}

# Title, text, kind; an empty kind is all of them.
CANNED = (
    (
        "Приветствие",
        "Здравствуйте! Спасибо, что написали нам.",
        "",
    ),
    (
        "Нужен снимок счётчика",
        "Здравствуйте! Пришлите, пожалуйста, снимок счётчика, на котором видны номер и показание. "
        "Как только получим его, продолжим работу.",
        "",
    ),
    (
        "Поверка: как пройти",
        "Здравствуйте! Поверить счётчик может любая аккредитованная организация. "
        "После поверки пришлите нам свидетельство — внесём новый срок в течение двух рабочих дней.",
        METERS,
    ),
    (
        "Платёж ещё в пути",
        "Здравствуйте! Банк передаёт нам платежи в течение трёх рабочих дней. "
        "Если через три дня платежа не будет в личном кабинете, пришлите снимок чека.",
        CHARGES,
    ),
    (
        "Показание исправили",
        "Здравствуйте! Показание исправили. Перерасчёт вы увидите в следующей квитанции.",
        READINGS,
    ),
)
