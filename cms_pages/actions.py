"""What people come to a company's site for: in its menu and footer, and found by search before any page."""

import re
from dataclasses import dataclass

from django.http import HttpRequest

from cms_pages.selectors import address_exists
from portal.formats.text import fold
from tenants.models import GasCompany

_GAS = frozenset({GasCompany.Kind.GAS})
_FUND = frozenset({GasCompany.Kind.CAPITAL_REPAIR})
_ALL = _GAS | _FUND

_TOO_SHORT = 3  # letters: «в», «на» begin too many words
_NOISE = frozenset(fold("как где куда мне мой надо нужно можно для через газ газа онлайн").split())


@dataclass(frozen=True)
class SiteAction:
    """`words`: beginnings of what people type when they look for it."""

    path: str
    title: str
    icon: str
    kinds: frozenset[str]
    note: str
    words: str

    @property
    def url(self) -> str:
        return self.path

    @property
    def short_note(self) -> str:
        """Return the note's first sentence, without its full stop."""
        return self.note.partition(". ")[0].rstrip(".")

    def get_url(self, request: HttpRequest | None = None) -> str:
        """Return the address, as pages of the menu do."""
        return self.path


_PAY = "оплат заплат плат долг задолженн"

# In the words of manual 1 (2.1.2) and manual 2 (3.2).
GUEST_ACTIONS = (
    SiteAction(
        "/guest/readings/",
        "Передать показания",
        "meter",
        _GAS,
        "Без регистрации. Понадобятся номер лицевого счёта и инициалы.",
        "передат передач показани счетчик прибор учет отправит ввести внести кубометр",
    ),
    SiteAction(
        "/guest/payment/",
        "Оплатить",
        "payment",
        _GAS,
        "Без регистрации. Понадобится номер лицевого счёта.",
        _PAY,
    ),
    SiteAction(
        "/guest/payment/",
        "Оплата без регистрации",
        "payment",
        _FUND,
        "Понадобится номер лицевого счёта.",
        f"{_PAY} взнос",
    ),
    SiteAction(
        "/guest/appointment/",
        "Запись на приём",
        "service",
        _GAS,
        "Выберите центр обслуживания, день и время.",
        "запис прием очеред талон визит",
    ),
)
# In the menu too; on the home page below the first screen, which has room for what most come for.
MORE_ACTIONS = (
    SiteAction(
        "/connection/",
        "Заявка на подключение",
        "flame",
        _GAS,
        "Технологическое присоединение дома или участка к газовой сети.",
        "подключ присоединен газификац догазификац провести техприсоединен врезк участок",
    ),
)
# Each page has them anyway, beside the menu or on the page of the entry.
SEARCHED_ACTIONS = (
    SiteAction(
        "/cabinet/",
        "Войти в личный кабинет",
        "user",
        _ALL,
        "Начисления, платежи и показания по вашему лицевому счёту.",
        "личн кабинет войти вход логин авториз аккаунт",
    ),
    SiteAction(
        "/cabinet/register/",
        "Зарегистрироваться",
        "user",
        _GAS,
        "Нужны адрес электронной почты или номер телефона.",
        "регистрац зарегистрир кабинет завести",
    ),
    SiteAction(
        "/cabinet/register/",
        "Зарегистрироваться",
        "user",
        _FUND,
        "Понадобятся квитанция и документ на помещение.",
        "регистрац зарегистрир кабинет завести заявк",
    ),
    SiteAction(
        "/who-answers/",
        "Кто за что отвечает",
        "phone",
        _GAS,
        "Куда звонить об авариях, сетях, газовом оборудовании и счётчиках.",
        "отвечает авари утечк запах пахнет ремонт плит котел колонк пломб",
    ),
    SiteAction(
        "/guest/appointment/find/",
        "Найти свою запись на приём",
        "service",
        _GAS,
        "Откройте талон снова, если потеряли сообщение. Там же приём можно перенести и отменить.",
        "запис прием талон потер отменить перенес найти",
    ),
    SiteAction(
        "/cabinet/recover/",
        "Восстановить пароль",
        "user",
        _ALL,
        "Временный пароль придёт по электронной почте или в СМС.",
        "пароль пароля восстанов забы",
    ),
)


def guest_actions_of(company: GasCompany) -> list[SiteAction]:
    """Return what can be done without registration, as far as an app answers there."""
    return _served(company, GUEST_ACTIONS)


def more_actions_of(company: GasCompany) -> list[SiteAction]:
    """Return what else can be done without registration, as far as an app answers there."""
    return _served(company, MORE_ACTIONS)


def actions_found(company: GasCompany, query: str) -> list[SiteAction]:
    """Return the actions that the query speaks of, most of its words or the first one.

    A word speaks of an action if one is the beginning of the other: it may be half typed, or in any form.
    """
    words = [word for word in re.findall(r"\w+", fold(query)) if word not in _NOISE]
    words = [word for word in words if len(word) >= _TOO_SHORT]
    found = []
    for action in _served(company, (*GUEST_ACTIONS, *MORE_ACTIONS, *SEARCHED_ACTIONS)):
        speak = [_speaks_of(word, action) for word in words]
        if any(speak[:1]) or 2 * sum(speak) > len(words) > 0:
            found.append((sum(speak), action))
    return [action for _, action in sorted(found, key=lambda one: -one[0])]


def _served(company: GasCompany, actions: tuple[SiteAction, ...]) -> list[SiteAction]:
    return [one for one in actions if company.kind in one.kinds and address_exists(one.path)]


def _speaks_of(word: str, action: SiteAction) -> bool:
    return any(
        beginning.startswith(word) or (len(beginning) > _TOO_SHORT and word.startswith(beginning))
        for beginning in fold(action.words).split()
    )
