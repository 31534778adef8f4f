"""Who is to be reminded is found by indexes, however many they are."""

import datetime

from cabinet.subscriptions import reminding
from cabinet.subscriptions.selectors import reminders_due, reminders_needless
from portal.connection import connection


def test_a_hundred_thousand_are_found_by_indexes_alone(pskov):
    """Half of them have sent. No table is read through, neither for the first batch nor for the last."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO accounts_personalaccount (account_number, number_key, unified_account_number, gku_id,
                last_name, first_name, patronymic, address, opened_on, service_centre, house_code)
            SELECT 'p' || n, n::text, '', '', 'А', 'Б', 'В', 'г. Псков', '2015-01-01', '', ''
            FROM generate_series(1, 100000) n;
            INSERT INTO meters_meter (meter_id, account_id, model, serial_number, compared_number, digits,
                tariff_code, state)
            SELECT account_number, id, 'ВК', account_number, account_number, 5, 'heat', ''
            FROM accounts_personalaccount;
            INSERT INTO meters_reading (meter_id, taken_on, value, origin, source, lower_reason, received_at)
            SELECT id, day, 100, 'billing', '', '', now()
            FROM meters_meter, unnest(ARRAY['2026-08-20', '2026-09-20', '2026-10-20']::date[]) AS day;
            INSERT INTO meters_reading (meter_id, taken_on, value, origin, source, lower_reason, received_at)
            SELECT id, '2026-11-10', 100, 'portal', 'guest', '', now()
            FROM meters_meter WHERE id % 2 = 0;
            INSERT INTO subscriptions_subscription (id, subscriber_id, account_id,
                kind, reminded_on, by_mail, bills_as, created_at)
            SELECT gen_random_uuid(), gen_random_uuid(), id,
                'reading_reminder', '2026-10-23', true, 'file', now()
            FROM accounts_personalaccount;
            ANALYZE accounts_personalaccount; ANALYZE meters_meter; ANALYZE meters_reading;
            ANALYZE subscriptions_subscription;
            """
        )
    due = reminders_due(datetime.date(2026, 11, 18), datetime.date(2026, 10, 26))
    batch = due[: reminding.BATCH]
    plan = batch.explain(analyze=True)
    print(plan)  # noqa: T201 — shown when the test fails
    assert "Seq Scan" not in plan
    assert len(batch) == reminding.BATCH
    # The last batch: everybody else has been seen to. Who has sent is not gone through again.
    assert reminders_needless(datetime.date(2026, 11, 18), datetime.date(2026, 10, 26)).update(
        reminded_on=datetime.date(2026, 11, 18)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE subscriptions_subscription SET reminded_on = '2026-11-18' WHERE account_id IN"
            " (SELECT account_id FROM meters_meter WHERE id %% 1000 > 0)",
            [],
        )
        cursor.execute("ANALYZE subscriptions_subscription")
    plan = due[: reminding.BATCH].explain(analyze=True)
    print(plan)  # noqa: T201
    assert "Seq Scan" not in plan
