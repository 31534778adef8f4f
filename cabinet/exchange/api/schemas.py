"""Requests and answers, for the API and for its OpenAPI document alike."""

import datetime
from typing import Any

from ninja import Field, Schema
from pydantic import ConfigDict, field_validator

from cabinet.exchange.exports import DEFAULT_LIMIT, MAX_LIMIT
from portal.formats.text import without_invisible


class ErrorOut(Schema):
    error: str = Field(description="Код ошибки")
    detail: str = Field(description="Что случилось и что делать, по-русски")


class ProblemOut(Schema):
    file: str
    line: int = Field(description="0 — файл целиком; заголовок — строка 1")
    column: str
    reason: str


class ProgressOut(Schema):
    step: str = Field(description="waiting, reading, checking или applying")
    step_title: str
    file: str
    file_number: int
    files: int
    rows: int
    rows_total: int
    percent: int | None
    seconds_left: int | None


class CountsOut(Schema):
    inserted: int
    updated: int
    unchanged: int
    closed: int


class PackageOut(Schema):
    id: int
    package_id: str
    state: str = Field(
        description="queued, running, applied, already_applied, refused или interrupted"
    )
    state_title: str
    refusal: str = Field(description="broken, conflict, mass_close или пусто")
    failure: str = Field(description="Почему загрузка прервана (interrupted), по-русски, или пусто")
    as_of: datetime.datetime | None
    mode: str
    received_at: datetime.datetime
    applied_at: datetime.datetime | None
    progress: ProgressOut | None = Field(description="Пока пакет загружается")
    counts: dict[str, CountsOut] = Field(description="Строк по файлам")
    notes: list[str]
    problem_count: int
    problems: list[ProblemOut] = Field(description="Первые сто ошибок")
    rejected_rows: int
    rejects: str | None = Field(description="Адрес файла отклонённых строк")


class TypedQuery(Schema):
    """Parameters of an address; people copy some of them from pages, invisible signs included."""

    @field_validator("*", mode="before")
    @classmethod
    def drop_invisible(cls, value: Any) -> Any:
        return without_invisible(value) if isinstance(value, str) else value


class PackageQuery(TypedQuery):
    rejects: bool = Field(False, description="1: загрузить годные строки, остальные отложить")
    allow_mass_close: bool = Field(
        False, description="1: разрешить закрыть больше десятой части счетов"
    )


class ExportQuery(TypedQuery):
    after: int | None = Field(
        None, ge=0, description="Курсор последней полученной строки; без него — с неподтверждённых"
    )
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT, description="Сколько строк")


class AcknowledgementsIn(Schema):
    """Kinds as in the contract; an unknown one is refused by name."""

    model_config = ConfigDict(extra="forbid")
    readings: int | None = Field(None, ge=0)
    payments: int | None = Field(None, ge=0)
    appeals: int | None = Field(None, ge=0)
    applications: int | None = Field(None, ge=0)


class ApplicationAnswerOut(Schema):
    """An answer of the applicant."""

    section: str
    label: str
    value: str


class ApplicationPaperOut(Schema):
    """A file of the applicant; its content has an address of its own."""

    paper_id: str
    title: str
    name: str
    size: int


class ApplicationOut(Schema):
    """An application for connection. `flow`: m³/h of all equipment."""

    application_id: str
    state: str
    submitted_at: str
    applicant_name: str
    phone: str
    email: str
    address: str
    cadastral_number: str
    flow: str | None
    answers: list[ApplicationAnswerOut]
    papers: list[ApplicationPaperOut]
