from cms_pages.brand.models import BrandSettings
from cms_pages.brand.requisites import CompanyRequisites
from cms_pages.centres.models import (
    CentreClosure,
    CentrePhone,
    District,
    OpeningHours,
    ServiceCentre,
)
from cms_pages.centres.page import ServiceCentreIndexPage
from cms_pages.inbox.models import FormEntry, FormReply
from cms_pages.notices import UrgentNotice
from cms_pages.pages.documents import DocumentIndexPage, LegalDocumentPage, LegalVersionPage
from cms_pages.pages.form import FormField, FormPage, FormRoute
from cms_pages.pages.home import HomePage
from cms_pages.pages.news import NewsCategory, NewsIndexPage, NewsPage
from cms_pages.pages.text import ContactPage, FundPage, GuidePage, StandardPage
from cms_pages.review.models import ReviewSettings
from cms_pages.shared.models import SharedItem

__all__ = [
    "BrandSettings",
    "CentreClosure",
    "CentrePhone",
    "CompanyRequisites",
    "ContactPage",
    "District",
    "DocumentIndexPage",
    "FormEntry",
    "FormField",
    "FormPage",
    "FormReply",
    "FormRoute",
    "FundPage",
    "GuidePage",
    "HomePage",
    "LegalDocumentPage",
    "LegalVersionPage",
    "NewsCategory",
    "NewsIndexPage",
    "NewsPage",
    "OpeningHours",
    "ReviewSettings",
    "ServiceCentre",
    "ServiceCentreIndexPage",
    "SharedItem",
    "StandardPage",
    "UrgentNotice",
]
