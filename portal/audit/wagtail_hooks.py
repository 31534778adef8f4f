from wagtail_modeladmin.options import modeladmin_register

from portal.audit.admin import AuditEntryAdmin

modeladmin_register(AuditEntryAdmin)
