"""Costs of counting common sums, with 2000 and with 50 000 accounts: 24 months of charges, 12 payments.

SQL makes the rows. The count runs in the queue `bulk`, once after each package of money.
"""

from django.utils import timezone

from cabinet.billing.common_sums import common_sums_count, common_sums_recount
from portal.connection import connection
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.benchmarks.bench_meters import milliseconds, say

SMALL, LARGE = 2_000, 50_000
MONTHS = 24

_ROWS = (
    """INSERT INTO accounts_personalaccount (id, account_number, number_key, unified_account_number, gku_id,
           last_name, first_name, patronymic, address, opened_on, service_centre, house_code)
       SELECT n, 'b' || n, 'B' || n, '', '', 'Осипова', 'Елена', 'Григорьевна', 'г. Псков', '2015-03-01',
              '', ''
       FROM generate_series(%(first)s, %(last)s) AS n""",
    """INSERT INTO billing_charge (account_id, period, service_code, kind, bill_kind, service_name,
           opening_balance, accrued, recalculated, recalculation_reason, acts, quality_deduction, corrected,
           written_off, paid, closing_balance, unit)
       SELECT n, date_trunc('month', %(today)s::date)::date - month * interval '1 month', 'heat', 'principal',
              'общая', 'Отопление', n %% 3000, n %% 7, 0, '', 0, 0, 0, 0, 0, n %% 3000 + n %% 7, ''
       FROM generate_series(%(first)s, %(last)s) AS n, generate_series(1, %(months)s) AS month""",
    """INSERT INTO billing_billingpayment (payment_id, account_id, paid_on, amount, kind, source)
       SELECT n || '-' || month, n, %(today)s::date - 30 * month, n %% 3000 + month, '', 'Касса'
       FROM generate_series(%(first)s, %(last)s) AS n, generate_series(0, 11) AS month""",
)


def bench_common_sums(own_db: str) -> None:
    company = GasCompany.objects.get(schema_name="pskov")
    with in_company(company):
        last, before = 0, 0.0
        for count in (SMALL, LARGE):
            values = {"first": last + 1, "last": count, "today": timezone.localdate()}
            with connection.cursor() as cursor:
                for statement in _ROWS:
                    cursor.execute(statement, values | {"months": MONTHS})
                cursor.execute("VACUUM ANALYZE")
            last = count

            def work() -> None:
                common_sums_recount()
                assert common_sums_count(1)

            took = milliseconds(work)
            ratio = f", {took / before:.0f} times" if before else ""
            say(f"{count} accounts: {took:.0f} ms{ratio}")
            before = took
