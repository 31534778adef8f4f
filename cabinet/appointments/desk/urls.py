"""The addresses of the desk of appointments, below the admin's."""

from django.urls import path

from cabinet.appointments.desk import booking, day, figures, taking, waiting

_ONE = "appointments/<int:pk>/"

urlpatterns = [
    path("appointments/", day.sheet, name="appointments_desk"),
    path("appointments/print/", day.print_sheet, name="appointments_print"),
    path("appointments/find/", day.find, name="appointments_find"),
    path("appointments/book/", taking.book, name="appointments_book"),
    path("appointments/walk-in/", taking.walk_in, name="appointments_walk_in"),
    path("appointments/calls/", day.calls, name="appointments_calls"),
    path("appointments/waiting/", waiting.waiting, name="appointments_waiting"),
    path("appointments/waiting/<int:pk>/leave/", waiting.leave, name="appointments_waiting_leave"),
    path("appointments/figures/", figures.figures, name="appointments_figures"),
    path("appointments/figures.csv", figures.figures_file, name="appointments_figures_file"),
    path(_ONE, booking.one, name="appointments_one"),
    path(f"{_ONE}arrived/", booking.arrived, name="appointments_arrived"),
    path(f"{_ONE}missed/", booking.missed, name="appointments_missed"),
    path(f"{_ONE}undo/", booking.undo, name="appointments_undo"),
    path(f"{_ONE}other-desk/", booking.other_desk, name="appointments_other_desk"),
    path(f"{_ONE}called/", booking.called, name="appointments_called"),
    path(f"{_ONE}move/", booking.move, name="appointments_move"),
    path(f"{_ONE}cancel/", booking.cancel, name="appointments_cancel"),
]
