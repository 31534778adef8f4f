"""The control door: what a person of the demo, or a test, makes happen; and what stands on its page."""

from html import escape
from typing import Any

from devtools.sandbox import methods, payments, refunds
from devtools.sandbox.scenarios import CARDS, FAULTS, GOOD, OPERATIONS, REFUND_REASONS
from devtools.sandbox.state import State, Stored

_CHOICES: dict[str, dict[Any, str]] = {
    "webhooks": {
        "once": "приходят один раз",
        "twice": "приходят дважды",
        "late": "опаздывают на минуту",
        "never": "не приходят",
        "reordered": "приходят не по порядку",
        "before_answer": "приходят раньше ответа на запрос",
    },
    "waits": {False: "принимает сразу", True: "принимает через две минуты"},
    "refunds": {"succeeded": "проходят сразу", "pending": "ждут"}
    | {reason: f"отклоняются: {reason}" for reason in REFUND_REASONS},
    "receipts": {
        "succeeded": "регистрируются",
        "pending": "ждут регистрации",
        "canceled": "не регистрируются",
    },
}
_OPERATIONS = {
    "any": "с любым",
    "create": "создание платежа",
    "get": "вопрос о платеже",
    "list": "список платежей",
    "refund": "возврат",
    "refund_get": "вопрос о возврате",
    "refund_list": "список возвратов",
    "me": "проверка магазина",
}
_ENDS = {"pay", "cancel", "release", "refund", "revoke"}


def carry_out(state: State, what: str, typed: dict[str, str]) -> int:
    """Do one thing of the door; return the HTTP status: 303, or 400 and 404 for what makes no sense."""
    with state.transaction():
        if what == "switch":
            return _switch(state, typed)
        if what == "clock" and typed.get("seconds", "").isdigit():
            state.switch_set("clock", state.switch("clock") + int(typed["seconds"]))
            payments.time_passes(state)
            return 303
        if what == "fault":
            return _fault(state, typed)
        if what in _ENDS:
            return _end(state, what, typed)
    return 404


def _switch(state: State, typed: dict[str, str]) -> int:
    for name, value in typed.items():
        found = [one for one in _CHOICES.get(name, {}) if str(one) == value]
        if not found:
            return 400
        state.switch_set(name, found[0])
    return 303


def _fault(state: State, typed: dict[str, str]) -> int:
    name, operation = typed.get("name", ""), typed.get("operation", "any")
    times = typed.get("times", "1")
    if name not in FAULTS or operation not in OPERATIONS or not times.isdigit():
        return 400
    state.fault_add(name, operation=operation, shop=typed.get("shop", ""), times=int(times))
    return 303


def _end(state: State, what: str, typed: dict[str, str]) -> int:
    kind = {"refund": "refund", "revoke": "method"}.get(what, "payment")
    one = state.get(kind, typed.get("id", ""))
    if one is None:
        return 404
    match what:
        case "pay":
            payments.payment_pay(state, one, typed.get("card", GOOD))
        case "cancel" if payments.is_open(one):
            payments.payment_decline(state, one, typed.get("reason", "expired_on_confirmation"))
        case "release" if one.private.get("waits"):
            payments.payment_settle(state, one)
        case "refund":
            refunds.refund_finish(state, one, typed.get("reason", ""))
        case "revoke":
            methods.method_revoke(state, one)
    return 303


def home_values(state: State) -> dict[str, str]:
    """Return the parts of the door's page."""
    with state.transaction():
        payments.time_passes(state)
    newest = "ORDER BY number DESC LIMIT 30"
    options = {
        "webhooks": _options(_CHOICES["webhooks"], state.switch("webhooks")),
        "waits": _options(_CHOICES["waits"], state.switch("waits")),
        "refund_ways": _options(_CHOICES["refunds"], state.switch("refunds")),
        "receipts": _options(_CHOICES["receipts"], state.switch("receipts")),
        "faults": _options(FAULTS, ""),
        "operations": _options(_OPERATIONS, "any"),
    }
    waiting = state.rows("SELECT name, operation, times FROM faults WHERE times > 0 ORDER BY id")
    listed = "".join(
        f"<li>{FAULTS[name]}; {_OPERATIONS.get(operation, operation)}; осталось раз: {times}</li>"
        for name, operation, times in waiting
    )
    return options | {
        "payments": _table(state, state.find("payment", newest), _payment_state),
        "refunds": _table(state, state.find("refund", newest), _refund_state),
        "methods": _table(state, state.find("method", newest), _method_state),
        "waiting": f"<p>Ещё случится:</p><ul>{listed}</ul>" if listed else "",
    }


def _options(choices: Any, chosen: object) -> str:
    return "".join(
        f'<option value="{value}"{" selected" if value == chosen else ""}>{escape(title)}</option>'
        for value, title in choices.items()
    )


def _table(state: State, found: list[Stored], described: Any) -> str:
    rows = []
    for one in found:
        company = (state.shop(one.shop) or {}).get("company", "")
        what, actions = described(one)
        amount = one.data.get("amount", {}).get("value", one.data.get("title", ""))
        cells = (one.created[:19].replace("T", " "), f"{company} ({one.shop})", amount, what)
        shown = "".join(f"<td>{escape(str(cell))}</td>" for cell in cells)
        rows.append(f"<tr>{shown}<td>{actions}</td></tr>")
    return "".join(rows) or '<tr><td colspan="5">Пока ничего.</td></tr>'


def _button(what: str, one: Stored, title: str, **values: str) -> str:
    fields = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in {"id": one.id, **values}.items()
    )
    return (
        f'<form method="post" action="/control/{what}">{fields}'
        f'<button class="small">{title}</button></form> '
    )


def _payment_state(one: Stored) -> tuple[str, str]:
    status = str(one.data["status"])
    if payments.is_open(one):
        link = f'<a href="/pay/{one.id}">страница банка</a> '
        return status, link + _button("pay", one, "Оплатить") + _button("cancel", one, "Отменить")
    if one.private.get("waits"):
        return "pending, оплачен", _button("release", one, "ГИС ЖКХ приняла")
    reason = one.data.get("cancellation_details", {}).get("reason", "")
    return f"{status} {reason}", ""


def _refund_state(one: Stored) -> tuple[str, str]:
    status = str(one.data["status"])
    if status != "pending":
        return status, ""
    refuse = _button("refund", one, "Отклонить", reason=REFUND_REASONS[0])
    return status, _button("refund", one, "Вернуть") + refuse


def _method_state(one: Stored) -> tuple[str, str]:
    card = next(
        (card.title for card in CARDS.values() if card.plan.plain() == one.private.get("plan")), ""
    )
    if one.private.get("revoked"):
        return f"разрешение отозвано; {card}", ""
    if one.data["saved"]:
        return f"сохранён; {card}", _button("revoke", one, "Отозвать разрешение")
    return str(one.data["status"]), ""
