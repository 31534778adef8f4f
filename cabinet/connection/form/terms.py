"""The terms of connection in sentences, before anybody has applied; without those that no record says."""

import datetime

from django.utils.translation import gettext_lazy

from cabinet.connection.lifecycle.terms import term_said

_SAID = (
    ("connection_forward_days", gettext_lazy("Мы передадим заявку получателю в течение %(term)s.")),
    ("connection_check_days", gettext_lazy("Получатель проверит её в течение %(term)s.")),
    (
        "connection_contract_days",
        gettext_lazy("Договор он подготовит в течение %(term)s после регистрации заявки."),
    ),
    (
        "connection_works_days_first",
        gettext_lazy("Подключит в течение %(term)s, если объект первой категории."),
    ),
    (
        "connection_works_days_second",
        gettext_lazy("Если объект второй категории, в течение %(term)s."),
    ),
    (
        "connection_works_days_third",
        gettext_lazy("Если объект третьей категории, в течение %(term)s."),
    ),
)


def terms_said(day: datetime.date) -> list[str]:
    """Return the terms that are recorded for a day."""
    terms = [(said, term_said(code, day)) for code, said in _SAID]
    return [str(said) % {"term": term} for said, term in terms if term]
