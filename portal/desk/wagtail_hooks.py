from wagtail_modeladmin.options import modeladmin_register

from portal.desk.audit_log import AuditEntryAdmin

modeladmin_register(AuditEntryAdmin)
