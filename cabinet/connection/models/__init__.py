from cabinet.connection.models.applications import (
    ConnectionApplication,
    ConnectionEvent,
    PaperRequest,
)
from cabinet.connection.models.notes import ConnectionNote
from cabinet.connection.models.papers import ConnectionPaper
from cabinet.connection.models.set_up import ConnectionSettings, EquipmentType, PaperType

__all__ = [
    "ConnectionApplication",
    "ConnectionEvent",
    "ConnectionNote",
    "ConnectionPaper",
    "ConnectionSettings",
    "EquipmentType",
    "PaperRequest",
    "PaperType",
]
