from cms_pages.models.home import HomePage
from cms_pages.models.notices import UrgentNotice
from cms_pages.models.opening_hours import CentreClosure, OpeningHours
from cms_pages.models.requisites import CompanyRequisites
from cms_pages.models.service_centre_index import ServiceCentreIndexPage
from cms_pages.models.service_centres import CentrePhone, District, ServiceCentre
from cms_pages.models.settings import BrandSettings

__all__ = [
    "BrandSettings",
    "CentreClosure",
    "CentrePhone",
    "CompanyRequisites",
    "District",
    "HomePage",
    "OpeningHours",
    "ServiceCentre",
    "ServiceCentreIndexPage",
    "UrgentNotice",
]
