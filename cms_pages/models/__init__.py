from cms_pages.models.contact import ContactPage
from cms_pages.models.documents import DocumentIndexPage, LegalDocumentPage, LegalVersionPage
from cms_pages.models.form import FormField, FormPage
from cms_pages.models.fund import FundPage
from cms_pages.models.guide import GuidePage
from cms_pages.models.home import HomePage
from cms_pages.models.news import NewsCategory, NewsIndexPage, NewsPage
from cms_pages.models.notices import UrgentNotice
from cms_pages.models.opening_hours import CentreClosure, OpeningHours
from cms_pages.models.requisites import CompanyRequisites
from cms_pages.models.service_centre_index import ServiceCentreIndexPage
from cms_pages.models.service_centres import CentrePhone, District, ServiceCentre
from cms_pages.models.settings import BrandSettings
from cms_pages.models.shared import SharedCopy, SharedItem
from cms_pages.models.standard import StandardPage

__all__ = [
    "BrandSettings",
    "CentreClosure",
    "CentrePhone",
    "CompanyRequisites",
    "ContactPage",
    "District",
    "DocumentIndexPage",
    "FormField",
    "FormPage",
    "FundPage",
    "GuidePage",
    "HomePage",
    "LegalDocumentPage",
    "LegalVersionPage",
    "NewsCategory",
    "NewsIndexPage",
    "NewsPage",
    "OpeningHours",
    "ServiceCentre",
    "ServiceCentreIndexPage",
    "SharedCopy",
    "SharedItem",
    "StandardPage",
    "UrgentNotice",
]
