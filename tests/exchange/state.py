"""What a company holds, for a comparison before and after."""

from typing import Any

from cabinet.accounts.models import Contract, Equipment, PersonalAccount, SurnameChange
from cabinet.billing.models import BillingPayment, Charge
from cabinet.exchange.models import Package
from cabinet.houses.models import House, RepairWork
from cabinet.meters.models import Meter, Reading
from portal.connection import connection
from tenants.models import GasCompany
from tenants.schemas import in_company


def state(company: GasCompany) -> dict[str, Any]:
    with in_company(company):
        return {
            "accounts": sorted(PersonalAccount.objects.values_list("account_number", "area_m2")),
            "meters": list(Meter.objects.values_list("meter_id", "state", "removed_on")),
            "readings": list(Reading.objects.values_list("taken_on", "value")),
            "charges": list(Charge.objects.order_by("period").values_list("period", "paid")),
            "payments": sorted(BillingPayment.objects.values_list("payment_id", "amount")),
            "equipment": sorted(Equipment.objects.values_list("equipment_id", "name")),
            "contracts": list(Contract.objects.values_list("number", "ends_on")),
            "houses": list(House.objects.values_list("house_code", "built_year")),
            "works": sorted(RepairWork.objects.values_list("number", "planned_year")),
            "new owners": list(SurnameChange.objects.values_list("account_number", flat=True)),
            "applied": sorted(
                Package.objects.filter(state="applied").values_list("package_id", flat=True)
            ),
        }


def staging_tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT schemaname || '.' || tablename FROM pg_tables"
            " WHERE starts_with(tablename, 'exchange_staging')"
        )
        return [name for (name,) in cursor.fetchall()]
