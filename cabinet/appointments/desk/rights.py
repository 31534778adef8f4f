"""The permissions of the desk of appointments."""

SERVE = "appointments.serve_appointment"
SEE_FIGURES = "appointments.see_appointment_figures"

ICON = "calendar-check"
