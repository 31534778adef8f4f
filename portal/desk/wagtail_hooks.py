from wagtail_modeladmin.options import modeladmin_register

from portal.desk.audit_log import AuditEntryAdmin
from portal.desk.versions import settings_versioned

modeladmin_register(AuditEntryAdmin)
settings_versioned()
