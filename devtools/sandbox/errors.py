"""Answers that are not 200, in YooKassa's form."""

import uuid
from typing import Any

_CODES = {
    400: "invalid_request",
    401: "invalid_credentials",
    403: "forbidden",
    404: "not_found",
    429: "too_many_requests",
    500: "internal_server_error",
}


class Refused(Exception):
    """The request is not carried out."""

    def __init__(self, status: int, description: str, parameter: str = "") -> None:
        super().__init__(description)
        self.status, self.description, self.parameter = status, description, parameter

    def body(self) -> dict[str, Any]:
        said = {
            "type": "error",
            "id": str(uuid.uuid4()),
            "code": _CODES.get(self.status, "invalid_request"),
            "description": self.description,
        }
        return said | ({"parameter": self.parameter} if self.parameter else {})


def invalid(description: str, parameter: str = "") -> Refused:
    return Refused(400, description, parameter)
