"""The permissions of the desks of appeals."""

SERVE = "appeals.serve_appeal"
SEE_FIGURES = "appeals.see_appeal_figures"

ICON = "mail"
