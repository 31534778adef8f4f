"""What is usual among the company's meters, counted by a task, so that no page has to."""

from django.db import transaction

from cabinet.meters.models import GroupConsumption
from cabinet.meters.periods import meter_rules
from cabinet.meters.selectors import today
from portal.connection import connection
from tenants.selectors import current_company

# Under this many meters the group shows neighbours more than what is usual.
FEWEST = 20

# Consumption between two readings 15 to 100 days apart, as that of a month of 30 days, under the month that
# the later one counts for. Lower readings are left out: what happened to them, only people know.
_COUNT = """
INSERT INTO meters_groupconsumption (tariff_code, month_number, median, high, meters, counted_at)
SELECT tariff_code, month_number,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY used)::numeric(12, 3),
       percentile_cont(0.95) WITHIN GROUP (ORDER BY used)::numeric(12, 3),
       count(DISTINCT meter_id), now()
FROM (
    SELECT meter_id, tariff_code,
           extract(month FROM date_trunc('month', taken_on)
               + CASE WHEN extract(day FROM taken_on) > %(until_day)s
                      THEN interval '1 month' ELSE interval '0' END) AS month_number,
           ((value - before) * 30 / (taken_on - before_on))::float8 AS used
    FROM (
        SELECT reading.meter_id, meter.tariff_code, reading.taken_on, reading.value,
               lag(reading.value) OVER past AS before, lag(reading.taken_on) OVER past AS before_on
        FROM meters_reading AS reading JOIN meters_meter AS meter ON meter.id = reading.meter_id
        WHERE reading.origin = 'billing' AND reading.taken_on > %(since)s
        WINDOW past AS (PARTITION BY reading.meter_id ORDER BY reading.taken_on)
    ) AS pairs
    WHERE value >= before AND taken_on - before_on BETWEEN 15 AND 100
) AS used_monthly
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
    since = day.replace(year=day.year - 2, day=1)
    values = {"until_day": meter_rules(day).until_day, "since": since, "fewest": FEWEST}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        return int(cursor.rowcount)
