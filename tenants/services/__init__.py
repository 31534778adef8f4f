from tenants.services.deletion import company_delete
from tenants.services.domains import domain_add, domain_check, domain_make_primary, domain_remove
from tenants.services.migrate import MigrationOutcome, migrate_all
from tenants.services.provision import (
    CompanyExists,
    ProvisioningError,
    TemplateStale,
    company_provision,
)
from tenants.services.status import (
    StatusRefused,
    company_archive,
    company_resume,
    company_suspend,
)

__all__ = [
    "CompanyExists",
    "MigrationOutcome",
    "ProvisioningError",
    "StatusRefused",
    "TemplateStale",
    "company_archive",
    "company_delete",
    "company_provision",
    "company_resume",
    "company_suspend",
    "domain_add",
    "domain_check",
    "domain_make_primary",
    "domain_remove",
    "migrate_all",
]
