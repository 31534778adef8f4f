"""A sum in words, for a browser without scripts: signed, for an hour, used once over all hosts.

Easier for a program than the proof of work, so a form that has the captcha also bounds the
letters or rows that one address may cause.
"""

import secrets
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.captcha.base import CaptchaFailed
from portal.secrets import OneTimeToken

WORDS = ("один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять")
# Dictation may write an answer as a word.
SUMS = (
    *WORDS,
    "десять",
    "одиннадцать",
    "двенадцать",
    "тринадцать",
    "четырнадцать",
    "пятнадцать",
    "шестнадцать",
    "семнадцать",
    "восемнадцать",
)
_token = OneTimeToken("portal.captcha.question", any_schema=True)


@dataclass(frozen=True, kw_only=True)
class Question:
    text: str
    token: str


def ask() -> Question:
    first, second = (secrets.randbelow(len(WORDS)) + 1 for _unused in range(2))
    text = _("Сколько будет %(first)s плюс %(second)s?") % {
        "first": WORDS[first - 1],
        "second": WORDS[second - 1],
    }
    return Question(text=text, token=_token.make(first + second))


def check(*, token: str, answer: str) -> None:
    """Spend the question, rightly answered or not. Raises CaptchaFailed or CountersDown."""
    if not answer.strip():
        raise CaptchaFailed(_("Отметьте «Я не робот» или ответьте на вопрос."))
    right = _token.read(token)
    if right is None:
        raise CaptchaFailed(_("Вопрос устарел. Ответьте на новый."))
    if not _token.spend(token):
        raise CaptchaFailed(_("На этот вопрос уже ответили. Ответьте на новый."))
    if answer.strip().strip(".").lower() not in (str(right), SUMS[right - 1]):
        raise CaptchaFailed(_("Ответ не подошёл. Ответьте, пожалуйста, на новый вопрос."))
