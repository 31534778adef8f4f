"""Messages to subscribers that a company may word itself."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.messaging.wording import Placeholder, Wording

_LINK = "https://company.ru/cabinet/meters/0d9c41e7/"


def account_named(context: Mapping[str, Any]) -> str:
    """Return the account's number and, if its holder has named it, its name."""
    label = context.get("label")
    return f"{context['account_number']} («{label}»)" if label else str(context["account_number"])


# What the wordings of several kinds have.
ACCOUNT = Placeholder(
    "лицевой счёт",
    _("номер лицевого счёта"),
    "805107000123",
    "account_number",
    is_required=True,
)
ACCOUNT_NAMED = Placeholder(
    "счёт с названием",
    _("номер и название, которое счёту дал абонент"),
    "805107000123 («Дача»)",
    account_named,
    stands_for=ACCOUNT.name,
    longest=45,
)
COMPANY = Placeholder(
    "компания", _("название компании"), "Газпром межрегионгаз Псков", "company_name"
)

READINGS_REMINDER = Wording(
    kind="readings_reminder",
    title=_("Напоминание о показаниях"),
    placeholders=(
        ACCOUNT,
        ACCOUNT_NAMED,
        Placeholder("месяц", _("за какой месяц показания"), "ноябрь 2026 г.", "month"),
        Placeholder("срок", _("последний день приёма"), "25 ноября", "until"),
        Placeholder(
            "ссылка",
            _("страница, где передают показания"),
            _LINK,
            "url",
            button=_("Передать показания"),
            is_required=True,
        ),
        COMPANY,
    ),
    subject="Передайте показания за {месяц} до {срок} — {компания}",
    text="""Здравствуйте!

По лицевому счёту {лицевой счёт} ещё нет показаний за {месяц}. Передайте их до {срок}.

{ссылка}

Если показания уже переданы по телефону или в офисе, не обращайте внимания на это письмо.""",
    short="Передайте показания газа до {срок}, лицевой счёт {лицевой счёт}: {ссылка}",
)

NEWS_PUBLISHED = Wording(
    kind="news_published",
    title=_("Новость компании"),
    placeholders=(
        Placeholder(
            "заголовок",
            _("заголовок новости"),
            "Ремонт газопровода",
            "title",
            is_required=True,
            longest=90,
        ),
        Placeholder(
            "коротко",
            _("«Коротко о странице», если заполнено"),
            "5 декабря газ отключат на день.",
            "summary",
            longest=90,
        ),
        Placeholder("дата", _("дата новости"), "29 ноября 2026 г.", "day"),
        Placeholder(
            "ссылка",
            _("страница новости"),
            "https://company.ru/novosti/remont/",
            "url",
            button=_("Читать на сайте"),
            is_required=True,
        ),
        COMPANY,
    ),
    subject="{заголовок} — {компания}",
    text="""{заголовок}

{коротко}

{ссылка}""",
    short="{заголовок}: {ссылка}",
)
