"""What the company has set, as the form, the desk and the forwarding read it."""

from cabinet.connection.models import ConnectionSettings, EquipmentType
from tenants.selectors import current_company


def connection_settings() -> ConnectionSettings:
    """Return the company's settings; without a row, those of a company that takes no applications."""
    found = ConnectionSettings.objects.filter(site__is_default_site=True).first()
    return found or ConnectionSettings()


def equipment_offered() -> list[EquipmentType]:
    """Return the equipment that an applicant may choose, in its order."""
    return list(EquipmentType.objects.filter(is_offered=True))


def company_connects() -> bool:
    """Tell whether the company that is entered supplies gas: a fund of capital repair connects nobody."""
    company = current_company()
    return company is not None and company.is_gas
