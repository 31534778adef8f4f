"""What people hear of their autopays: the day before, after it, and when it begins or ends."""

import datetime
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from cabinet.notifications.services import Notice, notify
from cabinet.payments.autopay.reasons import Decision, Off, Why
from cabinet.payments.models import AutoPayment, AutoPaymentRun, Payment
from cabinet.payments.result.reasons import reason_of
from cabinet.subscribers.models import Subscriber
from portal.formats.dates import day_and_month
from portal.formats.numbers import rubles
from tenants.selectors import current_company

_PAY, _OPEN = "pay", "autopay"


@dataclass(frozen=True)
class Words:
    """A message: `said` is its short form, after the account number; `page`: its button's."""

    title: str
    said: str
    paragraphs: tuple[str, ...]
    page: str = _OPEN


def notify_soon(run: AutoPaymentRun, decision: Decision) -> None:
    """Notify the person, the day before, of what will be paid."""
    autopay, sum_ = run.autopayment, rubles(decision.charged)
    day = day_and_month(run.due_on)
    words = Words(
        title=_("Завтра автоплатёж: {sum}").format(sum=sum_),
        said=_("{day} спишем {sum} автоплатежом").format(day=day, sum=sum_),
        paragraphs=(
            _("{day} спишем {sum} ({method}).").format(
                day=day, sum=sum_, method=autopay.method_title
            ),
            _(
                "Если до этого сумма изменится, спишем новую, но не больше вашего лимита — {limit}. "
                "Автоплатёж можно отключить в любой момент."
            ).format(limit=rubles(autopay.limit)),
        ),
    )
    _notify(autopay, "autopay_soon", words)


def notify_asked(run: AutoPaymentRun, decision: Decision) -> None:
    """Notify the person why nothing was paid, and ask to do it."""
    sum_, limit = rubles(decision.charged), rubles(run.autopayment.limit)
    why = {
        Why.LIMIT: _("К оплате {sum} — это больше вашего лимита, {limit}.").format(
            sum=sum_, limit=limit
        ),
        Why.TWICE: _(
            "К оплате {sum} — это хотя бы вдвое больше, чем по квитанции того же месяца год назад: {last}."
        ).format(sum=sum_, last=rubles(decision.last_year)),
        Why.STALE: _(
            "По нашим данным, к оплате {sum}, но данные старше 45 дней и могли измениться."
        ).format(sum=sum_),
    }[Why(decision.reason)]
    _notify(
        run.autopayment,
        "autopay_result",
        Words(
            title=_("Автоплатёж ждёт вас: {sum}").format(sum=sum_),
            said=_("{sum} не списали автоплатежом, проверьте сумму и заплатите сами").format(
                sum=sum_
            ),
            paragraphs=(
                why,
                _("Сами мы такую сумму не списали. Проверьте её и, если всё верно, заплатите."),
            ),
            page=_PAY,
        ),
    )


def notify_missed(run: AutoPaymentRun) -> None:
    """Notify the person that a day of the autopay went by without a payment."""
    day = day_and_month(run.due_on)
    _notify(
        run.autopayment,
        "autopay_result",
        Words(
            title=_("Автоплатёж {day} не состоялся").format(day=day),
            said=_("автоплатёж {day} не состоялся, заплатите сами").format(day=day),
            paragraphs=(
                _("{day} мы не смогли провести автоплатёж, деньги не списаны.").format(day=day),
                _("Пропущенный день мы не навёрстываем: заплатите, пожалуйста, сами."),
            ),
            page=_PAY,
        ),
    )


def notify_paid(run: AutoPaymentRun, payment: Payment) -> None:
    sum_ = rubles(payment.amount)
    _notify(
        run.autopayment,
        "autopay_result",
        Words(
            title=_("Автоплатёж выполнен: {sum}").format(sum=sum_),
            said=_("автоплатёж {sum} выполнен").format(sum=sum_),
            paragraphs=(
                _("Списали {sum} ({method}).").format(
                    sum=sum_, method=run.autopayment.method_title
                ),
            ),
        ),
    )


def notify_declined(
    run: AutoPaymentRun, payment: Payment, again_on: datetime.date | None, *, is_over: bool
) -> None:
    """Notify why a charge has failed, and when the next try is; `is_over`: the autopay has ended by it."""
    sum_ = rubles(payment.amount)
    reason = reason_of(payment.cancellation_reason, payment.cancellation_party)
    begun = payment.state == Payment.State.CANCELED
    text = str(reason.text) if begun else _("Платёж не начался: платёжный сервис его не принял.")
    if again_on:
        then = _("{day} попробуем ещё раз. Можно не ждать и заплатить раньше на сайте.").format(
            day=day_and_month(again_on)
        )
    elif is_over:
        then = _(
            "Автоплатёж отключён, сохранённый способ оплаты удалён. Заплатите сами, а если автоплатёж "
            "нужен, подключите его заново."
        )
    else:
        then = _("Больше за этот день не пробуем. Заплатите, пожалуйста, сами.")
    _notify(
        run.autopayment,
        "autopay_result",
        Words(
            title=_("Автоплатёж не прошёл: {sum}").format(sum=sum_),
            said=_("автоплатёж {sum} не прошёл").format(sum=sum_),
            paragraphs=(text, then),
            page=_PAY,
        ),
    )


def notify_on(autopay: AutoPayment) -> None:
    """Notify the person that the autopay is on, and from when."""
    if autopay.next_due_on:
        first = _("Первый автоплатёж — {day}.").format(day=day_and_month(autopay.next_due_on))
    else:
        first = _("Первый автоплатёж — на следующий день после того, как появится новая квитанция.")
    _notify(
        autopay,
        "autopay_state",
        Words(
            title=_("Автоплатёж подключён"),
            said=_("автоплатёж подключён, не больше {limit} за раз").format(
                limit=rubles(autopay.limit)
            ),
            paragraphs=(
                _("Платим не больше {limit} за раз ({method}).").format(
                    limit=rubles(autopay.limit), method=autopay.method_title
                ),
                first,
                _("Отключить автоплатёж можно в любой момент одной кнопкой в личном кабинете."),
            ),
        ),
    )


def notify_off(person: Subscriber, autopay: AutoPayment, reason: Off, code: str) -> None:
    """Notify the person that the autopay is off, or has not begun, and why."""
    if reason in Off.of_saving():
        title = said = _("Автоплатёж не подключён")
        then = _("Попробуйте ещё раз или другой картой.")
    else:
        title = said = _("Автоплатёж отключён")
        then = _("Больше мы ничего не списываем, сохранённый способ оплаты удалён.")
    because = str(reason_of(code).text) if code and reason == Off.CANCELED else str(reason.label)
    is_there = reason not in (Off.UNLINKED, Off.NEW_OWNER)
    words = Words(title=title, said=said.lower(), paragraphs=(because, then))
    _notify(autopay, "autopay_state", words, person=person, is_there=is_there)


def person_of(autopay: AutoPayment) -> Subscriber | None:
    """Return whose autopay it is; None when they are gone."""
    found = Subscriber.objects.filter(
        pk__in=[autopay.subscriber_id] if autopay.subscriber_id else []
    )
    return found.first()


def _notify(
    autopay: AutoPayment,
    kind: str,
    words: Words,
    *,
    person: Subscriber | None = None,
    is_there: bool = True,
) -> None:
    """Write the notice in the caller's transaction; `is_there`: the person has the account still."""
    company = current_company()
    person = person or person_of(autopay)
    if person is None or company is None:
        return
    account = autopay.account
    path = _pages(autopay)[words.page] if is_there else reverse("accounts:manage")
    number = _("Лицевой счёт {number}.").format(number=account.account_number)
    notify(
        Notice(
            subscriber=person,
            kind=kind,
            title=words.title,
            text=f"{number} {words.paragraphs[0]}",
            path=path,
            account=account if is_there else None,
            context={
                "company_name": company.name,
                "account_number": account.account_number,
                "title": words.title,
                "said": words.said,
                "paragraphs": list(words.paragraphs),
                "button": _button(words, is_there=is_there),
                "url": f"{company.url}{path}",
            },
        )
    )


def _pages(autopay: AutoPayment) -> dict[str, str]:
    own = reverse("payments:autopay", args=[autopay.link_id])
    return {_OPEN: own, _PAY: own.removesuffix("autopay/")}


def _button(words: Words, *, is_there: bool) -> str:
    if not is_there:
        return _("Открыть мои лицевые счета")
    return _("Оплатить") if words.page == _PAY else _("Открыть автоплатёж")
