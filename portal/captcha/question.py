"""A sum in words, for a browser without scripts: signed, for an hour, used once over all hosts.

Easier for a program than the proof of work, so a form that has the captcha also bounds the
letters or rows that one address may cause.
"""

import secrets
from dataclasses import dataclass

from django.core import signing
from django.core.cache import caches
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from portal.captcha.base import CaptchaFailed
from portal.limits import CountersDown

SALT = "portal.captcha.question"
LIFETIME = 3600  # seconds
WORDS = ("один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять")
# Who dictates an answer may get it written as a word.
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


@dataclass(frozen=True, kw_only=True)
class Question:
    text: str
    token: str


def ask() -> Question:
    first, second = (secrets.randbelow(len(WORDS)) + 1 for _unused in range(2))
    token = signing.dumps([secrets.token_hex(8), first + second], salt=SALT)
    text = _("Сколько будет %(first)s плюс %(second)s?") % {
        "first": WORDS[first - 1],
        "second": WORDS[second - 1],
    }
    return Question(text=text, token=token)


def check(*, token: str, answer: str) -> None:
    """Spend the question, rightly answered or not. Raises CaptchaFailed or CountersDown."""
    if not answer.strip():
        raise CaptchaFailed(_("Отметьте «Я не робот» или ответьте на вопрос."))
    try:
        number, right = signing.loads(token, salt=SALT, max_age=LIFETIME)
    except signing.BadSignature as error:
        raise CaptchaFailed(_("Вопрос устарел. Ответьте на новый.")) from error
    try:
        # `add` is atomic: of two at once, one wins.
        fresh = caches["shared"].add(f"captcha:question:{number}", 1, LIFETIME)
    except (RedisError, OSError) as error:
        raise CountersDown from error
    if not fresh:
        raise CaptchaFailed(_("На этот вопрос уже ответили. Ответьте на новый."))
    if answer.strip().strip(".").lower() not in (str(right), SUMS[right - 1]):
        raise CaptchaFailed(_("Ответ не подошёл. Ответьте, пожалуйста, на новый вопрос."))
