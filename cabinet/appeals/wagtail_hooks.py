from wagtail_modeladmin.options import modeladmin_register

from cabinet.appeals.centre.desk import IncidentAdmin
from cabinet.appeals.kinds.admin import AppealKindAdmin, CannedAnswerAdmin

modeladmin_register(IncidentAdmin)
modeladmin_register(AppealKindAdmin)
modeladmin_register(CannedAnswerAdmin)
