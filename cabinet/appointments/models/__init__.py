from cabinet.appointments.models.appointments import ACTIVE, Appointment, FindingCode
from cabinet.appointments.models.set_up import (
    AppointmentService,
    AppointmentSettings,
    Desk,
    DeskAbsence,
)
from cabinet.appointments.models.waiting import WaitingEntry

__all__ = [
    "ACTIVE",
    "Appointment",
    "AppointmentService",
    "AppointmentSettings",
    "Desk",
    "DeskAbsence",
    "FindingCode",
    "WaitingEntry",
]
