"""The permission of the desk of appointments."""

SERVE = "appointments.serve_appointment"
ICON = "calendar-check"
