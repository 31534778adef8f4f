"""Answers to the captcha of the registration."""

import re

from cabinet.subscribers.models import PendingRegistration
from portal.captcha import question

SUMS = {word: number for number, word in enumerate(question.WORDS, start=1)}


def answer_of(page: str) -> dict[str, str]:
    first, second = re.search(r"Сколько будет (\w+) плюс (\w+)\?", page).groups()
    token = re.search(r'name="captcha_question" value="([^"]+)"', page)[1]
    return {"captcha": str(SUMS[first] + SUMS[second]), "captcha_question": token}


def registered() -> bool:
    return PendingRegistration.objects.exists()
