from django.urls import path

from cabinet.appointments.page import code
from cabinet.appointments.page import views as page
from cabinet.appointments.ticket import finding, mine
from cabinet.appointments.ticket import views as ticket
from cabinet.appointments.waiting import views as waiting

# A step's address, by how much is chosen.
_STEPS = {
    "": "",
    "_centre": "<int:centre>/",
    "_service": "<int:centre>/<int:service>/",
    "_day": "<int:centre>/<int:service>/<str:day>/",
    "_time": "<int:centre>/<int:service>/<str:day>/<str:time>/",
}
_GUEST = "guest/appointment/"
_NEW = "cabinet/<uuid:link_id>/service-centre/appointments/new/"
_TICKET = "appointment/<str:secret>/"
_ONE = "cabinet/appointments/<str:number>/"

app_name = "appointments"
urlpatterns = [
    path(f"{_GUEST}code/<uuid:key>/", code.code, name="guest_code"),
    path(f"{_GUEST}code/<uuid:key>/again/", code.code_again, name="guest_code_again"),
    *(path(f"{_GUEST}{end}", page.guest, name=f"guest{name}") for name, end in _STEPS.items()),
    *(path(f"{_NEW}{end}", page.new, name=f"new{name}") for name, end in _STEPS.items()),
    path(f"{_GUEST}waiting/", waiting.waiting, name="waiting"),
    path(f"{_GUEST}waiting/<int:centre>/<int:service>/", waiting.waiting, name="waiting"),
    path(f"{_GUEST}waiting/<uuid:key>/", waiting.waiting_code, name="waiting_code"),
    path(f"{_GUEST}find/", finding.find, name="find"),
    path(f"{_GUEST}find/code/", finding.find_code, name="find_code"),
    path(f"{_GUEST}find/found/", finding.found, name="found"),
    path("appointment/offer/<str:secret>/", waiting.offer, name="offer"),
    path("cabinet/appointments/waiting/<uuid:key>/", waiting.waiting_entry, name="waiting_entry"),
    path("appointment/cancelled/", ticket.over, name="over"),
    path(_TICKET, ticket.ticket, name="ticket"),
    path(f"{_TICKET}calendar.ics", ticket.calendar, name="ticket_calendar"),
    path(f"{_TICKET}qr.png", ticket.qr, name="ticket_qr"),
    path(f"{_TICKET}move/", ticket.move, name="ticket_move"),
    path(f"{_TICKET}cancel/", ticket.cancel, name="ticket_cancel"),
    path("cabinet/appointments/", mine.mine, name="mine"),
    path(_ONE, mine.one, name="one"),
    path(f"{_ONE}calendar.ics", mine.calendar, name="one_calendar"),
    path(f"{_ONE}qr.png", mine.qr, name="one_qr"),
    path(f"{_ONE}move/", mine.move, name="one_move"),
    path(f"{_ONE}cancel/", mine.cancel, name="one_cancel"),
]
