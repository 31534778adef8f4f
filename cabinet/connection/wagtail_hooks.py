from wagtail_modeladmin.options import modeladmin_register

from cabinet.connection.set_up.admin import EquipmentTypeAdmin, PaperTypeAdmin

modeladmin_register(EquipmentTypeAdmin)
modeladmin_register(PaperTypeAdmin)
