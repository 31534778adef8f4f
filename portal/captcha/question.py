"""A sum in words, for a browser without scripts: for twenty minutes, answered once over all hosts.

The token carries a keyed hash of the answer, never the answer. But the words are on the page, and a program
made for them reads them: so one address may answer only so many, and a form that has the captcha also bounds
the letters or rows that one address may cause.
"""

import datetime
import re
import secrets
from dataclasses import dataclass

from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from limits import RateLimitItemPerHour

from portal.captcha.base import CaptchaFailed
from portal.formats.text import without_invisible
from portal.http.addresses import address_group, current_address
from portal.limits import RateLimit
from portal.secrets import OneTimeToken, keyed_hash

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
LIFETIME = datetime.timedelta(minutes=20)
_PURPOSE = "portal.captcha.question"
_token = OneTimeToken(_PURPOSE, lifetime=LIFETIME, any_schema=True)
# Right and wrong ones. Few browsers have no scripts, and a village may share an address.
_answers = RateLimit("captcha:question", RateLimitItemPerHour(30))


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
    salt = secrets.token_hex(8)
    return Question(text=text, token=_token.make([salt, _hash(first + second, salt)]))


def check(*, token: str, answer: str) -> None:
    """Spend the question, rightly answered or not. Raises CaptchaFailed or CountersDown."""
    if not answer.strip():
        raise CaptchaFailed(_("Отметьте «Я не робот»."))
    if not _answers.spend(address_group(current_address())):
        raise CaptchaFailed(
            _("На вопросы ответили слишком много раз. Попробуйте через час или в другом браузере.")
        )
    salt, right = _token.read(token) or ("", "")
    if not right:
        raise CaptchaFailed(_("Вопрос устарел. Ответьте на новый."))
    if not _token.spend(token):
        raise CaptchaFailed(_("На этот вопрос уже ответили. Ответьте на новый."))
    if not constant_time_compare(_hash(_number(answer), salt), right):
        raise CaptchaFailed(_("Ответ не подошёл. Ответьте, пожалуйста, на новый вопрос."))


def _number(answer: str) -> int:
    """Return the sum that was typed as digits or as a word; 0 for anything else."""
    typed = without_invisible(answer).strip(" .\t").lower()
    if typed in SUMS:
        return SUMS.index(typed) + 1
    return int(typed) if re.fullmatch(r"[0-9]{1,3}", typed) else 0


def _hash(number: int, salt: str) -> str:
    return keyed_hash(f"{salt}:{number}", purpose=_PURPOSE)
