from wagtail_modeladmin.options import modeladmin_register

from tenants.admin import DomainAdmin, GasCompanyAdmin

modeladmin_register(GasCompanyAdmin)
modeladmin_register(DomainAdmin)
