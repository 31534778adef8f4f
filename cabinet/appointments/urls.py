from django.urls import path

from cabinet.appointments.page import code
from cabinet.appointments.page import views as page
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

app_name = "appointments"
urlpatterns = [
    path(f"{_GUEST}code/<uuid:key>/", code.code, name="guest_code"),
    path(f"{_GUEST}code/<uuid:key>/again/", code.code_again, name="guest_code_again"),
    *(path(f"{_GUEST}{end}", page.guest, name=f"guest{name}") for name, end in _STEPS.items()),
    *(path(f"{_NEW}{end}", page.new, name=f"new{name}") for name, end in _STEPS.items()),
    path("guest/appointment/waiting/", waiting.waiting, name="waiting"),
    path("guest/appointment/waiting/<uuid:key>/", waiting.waiting_code, name="waiting_code"),
    path("appointment/offer/<str:secret>/", waiting.offer, name="offer"),
    path("cabinet/appointments/waiting/<uuid:key>/", waiting.waiting_entry, name="waiting_entry"),
]
