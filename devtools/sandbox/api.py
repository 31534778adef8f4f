"""The API: who asks, whether it was asked before, and what is done. It knows nothing of HTTP servers."""

import base64
import binascii
import datetime
import hmac
import json
import re
from collections import deque
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from devtools.sandbox import methods, payments, refunds
from devtools.sandbox.errors import Refused, invalid
from devtools.sandbox.state import State, Stored, stamp

_DAY = datetime.timedelta(hours=24)
_TIMES = {"created_at": "created", "captured_at": "json_extract(data, '$.captured_at')"}
_FILTERS = {".gte": ">=", ".gt": ">", ".lte": "<=", ".lt": "<"}


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]  # by names in lower case
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    status: int
    body: dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """One request as it came, for tests: never its secret."""

    operation: str
    path: str
    shop: str  # as whom it came
    is_right: bool  # whether the secret was that shop's own
    key: str
    body: dict[str, Any] | None
    status: int
    fault: str


@dataclass
class Api:
    state: State
    pages: str = ""  # where the bank's pages are
    asked: deque[Asked] = field(default_factory=lambda: deque(maxlen=20_000))

    def fault_next(self, request: Request) -> str:
        """Return what is to go wrong with this request; what was done of it is noted either way."""
        shop, _secret = _credentials(request.headers.get("authorization", ""))
        with self.state.transaction():
            fault = self.state.fault_take(_operation(request), shop)
        if "_before" in fault:
            self._note(request, shop, Answer(0, {}), fault)
        return fault

    def answer(self, request: Request, fault: str = "") -> Answer:
        """Do what is asked, whole or not at all, before its answer is sent."""
        shop, secret = _credentials(request.headers.get("authorization", ""))
        is_right, content = False, None
        try:
            if fault == "too_many":
                raise Refused(429, "Too many requests")
            known = self.state.shop(shop)
            is_right = known is not None and _same(known["secret"], secret)
            if not is_right:
                raise Refused(401, "Error in shopId or secret key. Check their validity.")
            content = _content(request)
            with self.state.transaction():
                payments.time_passes(self.state)
                answer = Answer(200, self._once(shop, request, content))
        except Refused as refused:
            answer = Answer(refused.status, refused.body())
        self._note(request, shop, answer, fault, is_right=is_right, content=content)
        return answer

    @staticmethod
    def broken() -> Answer:
        return Answer(500, Refused(500, "Internal server error").body())

    def _note(
        self,
        request: Request,
        shop: str,
        answer: Answer,
        fault: str,
        *,
        is_right: bool = False,
        content: dict[str, Any] | None = None,
    ) -> None:
        key = request.headers.get("idempotence-key", "")
        self.asked.append(
            Asked(
                _operation(request),
                request.path,
                shop,
                is_right,
                key,
                content,
                answer.status,
                fault,
            )
        )

    def _once(self, shop: str, request: Request, content: dict[str, Any] | None) -> dict[str, Any]:
        """Answer a POST with a known key as it was answered before, for a day."""
        url = urlsplit(request.path)
        path = url.path
        if request.method != "POST":
            return self._get(shop, path, dict(parse_qsl(url.query)))
        key = request.headers.get("idempotence-key", "")
        if not 1 <= len(key) <= 64:
            raise invalid("Idempotence key is missing or too long", "Idempotence-Key")
        asked = json.dumps([path, content], sort_keys=True, ensure_ascii=False)
        day_ago = stamp(self.state.now() - _DAY)
        found = self.state.rows(
            "SELECT request, answer FROM keys WHERE shop = ? AND key = ? AND at > ?",
            *(shop, key, day_ago),
        )
        if found:
            if found[0][0] != asked:
                raise invalid("Idempotence key duplicated", "Idempotence-Key")
            return dict(json.loads(found[0][1]))
        answer = self._post(shop, path, content or {})
        self.state.rows(
            "INSERT OR REPLACE INTO keys VALUES (?, ?, ?, ?, ?)",
            *(shop, key, asked, stamp(self.state.now()), json.dumps(answer)),
        )
        return answer

    def _post(self, shop: str, path: str, content: dict[str, Any]) -> dict[str, Any]:
        state = self.state
        match path.strip("/").split("/"):
            case ["v3", "payments"]:
                return payments.payment_create(state, shop, content, self.pages).data
            case ["v3", "payments", name, "capture" | "cancel" as action]:
                one = self._found("payment", shop, name)
                if one.data["status"] != "waiting_for_capture":
                    raise invalid(f"Incorrect payment status to {action}")
                if action == "capture":
                    payments.payment_capture(state, one, content)
                else:
                    payments.payment_decline(state, one, "canceled_by_merchant")
                return one.data
            case ["v3", "refunds"]:
                return refunds.refund_create(state, shop, content).data
            case ["v3", "payment_methods"]:
                return methods.method_create(state, shop, content, self.pages).data
        raise Refused(404, "Not found")

    def _get(self, shop: str, path: str, query: dict[str, str]) -> dict[str, Any]:
        match path.strip("/").split("/"):
            case ["v3", "me"]:
                return self._me(shop)
            case ["v3", "payments" | "refunds" as what]:
                return self._list(what.removesuffix("s"), shop, query)
            case ["v3", "payments" | "refunds" as what, name]:
                return self._found(what.removesuffix("s"), shop, name).data
            case ["v3", "payment_methods", name]:
                return self._found("method", shop, name).data
        raise Refused(404, "Not found")

    def _found(self, kind: str, shop: str, name: str) -> Stored:
        """Return a shop's own object: another's is not there."""
        if (one := self.state.get(kind, name, shop)) is None:
            raise Refused(404, f"{kind.capitalize()} doesn't exist or access denied", "id")
        return one

    def _me(self, shop_id: str) -> dict[str, Any]:
        shop = self.state.shop(shop_id) or {}
        return {
            "account_id": shop_id,
            "status": "enabled" if shop["enabled"] else "disabled",
            "test": shop["test"],
            "fiscalization": {"enabled": shop["fiscalization"], "provider": "avanpost"},
            "fiscalization_enabled": shop["fiscalization"],
            "payment_methods": shop["methods"],
            "itn": shop["inn"],
        }

    def _list(self, kind: str, shop: str, query: dict[str, str]) -> dict[str, Any]:
        """Return a page of the shop's objects, newest first; the cursor names the last one of it."""
        limit = query.get("limit", "10")
        if not limit.isdigit() or not 1 <= int(limit) <= 100:
            raise invalid("Incorrect limit", "limit")
        where, values = "AND shop = ?", [shop]
        for name, value in query.items():
            field_name, dot, end = name.partition(".")
            if field_name in _TIMES and f"{dot}{end}" in _FILTERS:
                sign = _FILTERS[f".{end}"]
                where = f"{where} AND {_TIMES[field_name]} {sign} ?"
                values.append(_moment(name, value))
            elif name in ("status", "payment_id"):
                where = f"{where} AND json_extract(data, '$.{name}') = ?"
                values.append(value)
            elif name not in ("limit", "cursor"):
                raise invalid("Unknown parameter", name)
        if query.get("cursor"):
            where, values = f"{where} AND number < ?", [*values, _cursor(query["cursor"])]
        found = self.state.find(
            kind, f"{where} ORDER BY number DESC LIMIT ?", *values, int(limit) + 1
        )
        page, rest = found[: int(limit)], found[int(limit) :]
        answer: dict[str, Any] = {"type": "list", "items": [one.data for one in page]}
        if rest:
            [(number,)] = self.state.rows(
                "SELECT number FROM objects WHERE kind = ? AND id = ?", kind, page[-1].id
            )
            answer["next_cursor"] = base64.urlsafe_b64encode(f"after {number}".encode()).decode()
        return answer


def _operation(request: Request) -> str:
    """Return the name that a fault knows a request by."""
    match request.method, urlsplit(request.path).path.strip("/").split("/")[1:]:
        case "POST", ["payments"]:
            return "create"
        case "POST", ["payments", _, action]:
            return action
        case "POST", ["refunds"]:
            return "refund"
        case "GET", ["payments", _]:
            return "get"
        case "GET", ["payments"]:
            return "list"
        case "GET", ["refunds", _]:
            return "refund_get"
        case "GET", ["refunds"]:
            return "refund_list"
        case _, ["me"]:
            return "me"
        case _, ["payment_methods", *_]:
            return "method"
    return "other"


def _credentials(header: str) -> tuple[str, str]:
    scheme, _, encoded = header.partition(" ")
    try:
        shop, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return (shop, secret) if scheme == "Basic" else ("", "")


def _same(known: str, secret: str) -> bool:
    return hmac.compare_digest(known.encode(), secret.encode())


def _content(request: Request) -> dict[str, Any] | None:
    """Return the JSON of a POST. Raises Refused."""
    if request.method != "POST":
        if request.method != "GET":
            raise Refused(405, "Method not allowed")
        return None
    if not request.headers.get("content-type", "").lower().startswith("application/json"):
        raise Refused(415, "Unsupported media type")
    try:
        content = json.loads(request.body or b"{}")
    except ValueError:
        raise invalid("Request body is not JSON") from None
    if not isinstance(content, dict):
        raise invalid("Request body is not an object")
    return content


def _moment(name: str, value: str) -> str:
    if not re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T", value):
        raise invalid("Incorrect time", name)
    try:
        moment = datetime.datetime.fromisoformat(value)
    except ValueError:
        raise invalid("Incorrect time", name) from None
    return stamp(moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC))


def _cursor(value: str) -> str:
    try:
        return str(int(base64.urlsafe_b64decode(value).decode().removeprefix("after ")))
    except (ValueError, binascii.Error):
        raise invalid("Incorrect cursor", "cursor") from None
