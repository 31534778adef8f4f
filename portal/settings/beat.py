"""What beat starts, and how often: seconds, or an hour of UTC's day.

Beat only fans out: each company's work is a task of its own, so one company's failure stops nobody else's.
"""

from typing import Any

from celery.schedules import crontab

_IN_EACH_COMPANY: dict[str, tuple[str, float | crontab]] = {
    "sweep unsent messages": ("portal.messaging.tasks.messages_sweep", 30.0),
    "forget old messages": ("portal.messaging.tasks.messages_forget", crontab(hour=1, minute=40)),
    "publish what is due": ("cms_pages.tasks.publish_scheduled", 60.0),
    "tell the office of its texts": ("cms_pages.tasks.shared_copies_tell", 3600.0),
    "look for owners who wait for a way back in": (
        "cabinet.subscribers.tasks.login_passes_sweep",
        60.0,
    ),
    "remind of readings": ("cabinet.subscriptions.tasks.reminders_send", 900.0),
    "what is usual among meters, photos that nobody sent": (
        "cabinet.meters.tasks.meters_daily",
        crontab(hour=0, minute=20),
    ),
    "apply packages of billing that wait": ("cabinet.exchange.tasks.queue_drain", 30.0),
    "remove files of old packages": ("cabinet.exchange.tasks.exchange_clean", 6 * 3600.0),
    "look for people who wait for a password": ("cabinet.subscribers.tasks.recoveries_sweep", 30.0),
    "tell of new owners": ("cabinet.accounts.tasks.surname_changes_handle", 60.0),
    "count the fleet": ("tenants.tasks.fleet_count", 300.0),
}
_ONCE: dict[str, tuple[str, float | crontab]] = {
    "sweep undelivered shared content": ("cms_pages.tasks.shared_sweep", 30.0),
    "forget expired registrations": ("cabinet.subscribers.tasks.registrations_forget", 3600.0),
    "go on with copies and deletions of people's data": (
        "cabinet.subscribers.tasks.person_jobs_sweep",
        60.0,
    ),
    "forget used secrets of subscribers": ("cabinet.subscribers.tasks.secrets_forget", 3600.0),
    "sweep up interrupted provisioning": ("tenants.tasks.runs_sweep", 30.0),
}

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    name: {"task": "tenants.tasks.fan_out", "schedule": schedule, "args": [task]}
    for name, (task, schedule) in _IN_EACH_COMPANY.items()
} | {name: {"task": task, "schedule": schedule} for name, (task, schedule) in _ONCE.items()}
