"""What is usual among the company's meters, counted by a task, so that no page has to."""

from django.db import transaction

from cabinet.meters.models import GroupConsumption
from cabinet.meters.periods import meter_rules
from cabinet.meters.selectors import today
from portal.connection import connection
from tenants.selectors import current_company

# Under this many meters the group shows neighbours more than what is usual.
FEWEST = 20
# Meters of a tariff that are looked at: enough for the median and the 95th of 100, and the task costs nearly
# the same for 10 000 and 1 000 000 accounts (tests/benchmarks/bench_meters.py).
SAMPLE = 1000

# Consumption between two readings 15 to 100 days apart, as that of a month of 30 days, under the month that
# the later one counts for. Lower readings are left out: their reason is known to people only. The sample is
# by a hash of the key, so it is the same meters every day; LATERAL reads each one's readings by the index.
_COUNT = """
WITH sample AS MATERIALIZED (
    SELECT id, tariff_code
    FROM (
        SELECT id, tariff_code,
               row_number() OVER (PARTITION BY tariff_code ORDER BY hashint8(id), id) AS place
        FROM meters_meter
    ) AS meter
    WHERE place <= %(sample)s
), used_monthly AS (
    SELECT sample.id AS meter_id, sample.tariff_code,
           extract(month FROM date_trunc('month', taken_on)
               + CASE WHEN extract(day FROM taken_on) > %(until_day)s
                      THEN interval '1 month' ELSE interval '0' END) AS month_number,
           ((value - before) * 30 / (taken_on - before_on))::float8 AS used
    FROM sample CROSS JOIN LATERAL (
        SELECT taken_on, value, lag(value) OVER past AS before, lag(taken_on) OVER past AS before_on
        FROM meters_reading
        WHERE meter_id = sample.id AND origin = 'billing' AND taken_on > %(since)s
        WINDOW past AS (ORDER BY taken_on)
    ) AS pair
    WHERE value >= before AND taken_on - before_on BETWEEN 15 AND 100
)
INSERT INTO meters_groupconsumption (tariff_code, month_number, median, high, meters, counted_at)
SELECT tariff_code, month_number,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY used)::numeric(12, 3),
       percentile_cont(0.95) WITHIN GROUP (ORDER BY used)::numeric(12, 3),
       count(DISTINCT meter_id), now()
FROM used_monthly
GROUP BY tariff_code, month_number
HAVING count(DISTINCT meter_id) >= %(fewest)s
"""


@transaction.atomic
def group_consumption_count() -> int:
    """Count anew from two years of billing's readings; return how many tariffs and months there are."""
    company, day = current_company(), today()
    if company is None or not company.is_gas:
        return 0
    GroupConsumption.objects.all().delete()
    values = {
        "until_day": meter_rules(day).until_day,
        "since": day.replace(year=day.year - 2, day=1),
        "sample": SAMPLE,
        "fewest": FEWEST,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        return int(cursor.rowcount)
