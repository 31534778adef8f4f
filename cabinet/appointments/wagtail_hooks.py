from wagtail_modeladmin.options import modeladmin_register

from cabinet.appointments.set_up.admin import (
    AppointmentServiceAdmin,
    DeskAbsenceAdmin,
    DeskAdmin,
)

modeladmin_register(AppointmentServiceAdmin)
modeladmin_register(DeskAdmin)
modeladmin_register(DeskAbsenceAdmin)
