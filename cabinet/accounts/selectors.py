from cabinet.accounts.models import PersonalAccount
from tenants.models import GasCompany


def accounts_open(company: GasCompany) -> int:
    """How many accounts of the company are not closed. Its schema is entered."""
    return PersonalAccount.objects.filter(closed_on=None).count()
