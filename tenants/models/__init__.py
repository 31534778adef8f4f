"""Models of the central office, in public only: every table names its schema (tenants.database)."""

from tenants.models.announcement import Announcement, AnnouncementRead
from tenants.models.archive import ArchiveRun, CompanyArchive
from tenants.models.calendar import CalendarDay
from tenants.models.company import (
    Domain,
    FleetSnapshot,
    GasCompany,
    Region,
    host_for_people,
    normalise_host,
    site_url,
    validate_schema_name,
)
from tenants.models.fleet import FleetMonth
from tenants.models.handoff import EntryToken
from tenants.models.legal import LegalRecord
from tenants.models.proposal import Proposal
from tenants.models.run import ProvisioningRun
from tenants.models.shared import SharedDelivery, SharedVersion

__all__ = [
    "Announcement",
    "AnnouncementRead",
    "ArchiveRun",
    "CalendarDay",
    "CompanyArchive",
    "Domain",
    "EntryToken",
    "FleetMonth",
    "FleetSnapshot",
    "GasCompany",
    "LegalRecord",
    "Proposal",
    "ProvisioningRun",
    "Region",
    "SharedDelivery",
    "SharedVersion",
    "host_for_people",
    "normalise_host",
    "site_url",
    "validate_schema_name",
]
