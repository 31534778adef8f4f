"""The message about a bill, which a company may word itself."""

from django.utils.translation import gettext_lazy as _

from cabinet.subscriptions.wordings import ACCOUNT, ACCOUNT_NAMED, COMPANY
from portal.messaging.wording import Placeholder, Wording

BILL_READY = Wording(
    kind="bill_ready",
    title=_("Новая квитанция"),
    placeholders=(
        ACCOUNT,
        ACCOUNT_NAMED,
        Placeholder("месяц", _("за какой месяц квитанция"), "ноябрь 2026 г.", "month"),
        Placeholder(
            "к оплате",
            _("сколько и до какого дня заплатить, или что платить не нужно"),
            "к оплате 1 234,50 ₽ до 16 ноября",
            "said",
            is_required=True,
        ),
        Placeholder("сумма", _("сумма без знака"), "1 234,50 ₽", "sum"),
        Placeholder("срок", _("последний день оплаты, если есть что платить"), "16 ноября", "due"),
        Placeholder(
            "ссылка",
            _("страница квитанции, в СМС и MAX — лицевого счёта"),
            "https://company.ru/cabinet/0d9c41e7/",
            "url",
            button=_("Открыть квитанцию"),
            is_required=True,
        ),
        COMPANY,
    ),
    subject="Квитанция за {месяц} — {компания}",
    text="""Здравствуйте!

Готова квитанция за {месяц} по лицевому счёту {счёт с названием}: {к оплате}.

{ссылка}""",
    short="Счёт {лицевой счёт}, квитанция за {месяц}: {к оплате}. {ссылка}",
)
