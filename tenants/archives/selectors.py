from tenants.models import CompanyArchive, GasCompany


def exports_failed(company: GasCompany) -> int:
    """1 while the last attempt to make the company's file has failed."""
    last = CompanyArchive.objects.filter(company=company).order_by("-created_at").first()
    return int(last is not None and last.state == CompanyArchive.State.FAILED)
