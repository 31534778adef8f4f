from wagtail_modeladmin.options import modeladmin_register

from cabinet.appeals.centre.desk import IncidentAdmin

modeladmin_register(IncidentAdmin)
