"""The bank's pages for a payer, and the control door."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from devtools.sandbox.api import Request

if TYPE_CHECKING:
    from devtools.sandbox.server import Sandbox


@dataclass(frozen=True)
class Page:
    body: bytes = b""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    location: str = ""
    goes_wrong: str = ""  # hang or drop


def answer(sandbox: "Sandbox", request: Request) -> Page:
    return Page(b"<h1>soon</h1>")
