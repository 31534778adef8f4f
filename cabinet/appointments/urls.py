from django.urls import path

from cabinet.appointments.page import code
from cabinet.appointments.page import views as page

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
]
