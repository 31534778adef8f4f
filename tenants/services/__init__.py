from tenants.services.migrate import MigrationOutcome, migrate_all
from tenants.services.provision import (
    CompanyExists,
    ProvisioningError,
    TemplateStale,
    company_provision,
)

__all__ = [
    "CompanyExists",
    "MigrationOutcome",
    "ProvisioningError",
    "TemplateStale",
    "company_provision",
    "migrate_all",
]
