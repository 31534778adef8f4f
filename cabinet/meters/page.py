"""What the section «Показания» shows."""

from typing import Any

from django.core.paginator import Paginator

from cabinet.accounts.access import AccountAccess
from cabinet.accounts.writing import way_to_write
from cabinet.meters.chart import consumption_bars
from cabinet.meters.facts import PAST, MeterFacts
from cabinet.meters.forms import ReadingsForm
from cabinet.meters.history import HistoryFilter
from cabinet.meters.kept.phone import phone_form
from cabinet.meters.missing import no_reading
from cabinet.meters.page_parts import page_parts
from cabinet.meters.past import pasts_of
from cabinet.meters.receipts import receipt_find
from cabinet.subscribers.http import SubscriberRequest

HISTORY_PAGE = 12  # a year of one meter


def readings_context(
    request: SubscriberRequest, access: AccountAccess, form: ReadingsForm
) -> dict[str, Any]:
    account, facts = access.account, form.facts
    all_meters = list(account.meters.order_by("model", "serial_number", "pk"))
    history = HistoryFilter(request.GET, meters=all_meters)
    number = request.GET.get("sent") or request.GET.get("number") or ""
    receipt = receipt_find(account, number, masked=False) if number else None
    return {
        **access.context(request),
        "form": form,
        "meter_cards": form.cards(),
        "period": facts.period,
        "days_left": (facts.period.until - facts.day).days,
        "no_reading": None if account.closed_on else no_reading(facts, account.norm_volume),
        "receipt": receipt,
        "phone_form": phone_form(access, facts),
        "is_just_sent": bool(receipt and request.GET.get("sent")),
        "wanted_number": request.GET.get("number", ""),
        "history_filter": history,
        "history": Paginator(history.rows(account), HISTORY_PAGE).get_page(request.GET.get("page")),
        "bars": _bars(facts),
        "way_to_write": way_to_write(request, access.link),
        "parts": page_parts(request, access),
    }


def _bars(facts: MeterFacts) -> list[Any]:
    pasts = pasts_of(
        facts.meters,
        since=facts.day - PAST,
        before=facts.day.max,
        until_day=facts.rules.until_day,
    )
    return consumption_bars(pasts.values(), facts.period.month)
