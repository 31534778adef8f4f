"""What beat starts, and how often: seconds, or an hour of UTC's day.

Beat only fans out: each company's work is a task of its own, so one company's failure stops nobody else's.
"""

from typing import Any

from celery.schedules import crontab

TICK_SECONDS = 60
# Run one after another by the tick of each company and of public: short, a query where nothing is due.
TICK_EVERYWHERE = [
    "portal.messaging.tasks.messages_sweep",
    "portal.staff.tasks.staff_sweep",
    "cms_pages.tasks.publish_scheduled",
]
TICK_COMPANY = [
    "cabinet.subscribers.tasks.recoveries_sweep",
    "cabinet.subscribers.tasks.unlock_links_sweep",
    "cabinet.exchange.tasks.packages_sweep",
    "cabinet.accounts.tasks.surname_changes_handle",
    "cabinet.accounts.tasks.delegations_sweep",
    "cabinet.billing.tasks.common_sums_sweep",
    "cabinet.subscriptions.tasks.mailings_sweep",
]
TICK_PUBLIC = [
    "tenants.tasks.runs_sweep",
    "cms_pages.tasks.shared_sweep",
    "cabinet.subscribers.tasks.person_jobs_sweep",
]

# A task of its own in each company and in public.
_FANNED_OUT: dict[str, tuple[str, float | crontab]] = {
    "tick": ("tenants.tasks.tick", TICK_SECONDS),
    "count the fleet": ("tenants.tasks.fleet_count", 300.0),
    "count months of the fleet": ("tenants.tasks.months_count", 3600.0),
    "remind of readings": ("cabinet.subscriptions.tasks.reminders_send", 900.0),
    "report copies of shared content": ("cms_pages.tasks.shared_copies_report", 3600.0),
    "remove files of old packages": ("cabinet.exchange.tasks.exchange_clean", 6 * 3600.0),
    "write of packages that did not come": ("cabinet.exchange.tasks.late_notice_send", 3600.0),
    "count group consumption": ("cabinet.meters.tasks.meters_daily", crontab(hour=0, minute=20)),
    "forget unsent photos": ("cabinet.meters.tasks.photos_forget", 3600.0),
    "forget old applications": ("cabinet.accounts.tasks.applications_forget", 3600.0),
    "forget links to MAX": ("cabinet.max.tasks.invitations_forget", 3600.0),
    "ask whether SMS have arrived": ("portal.messaging.tasks.sms_states_ask", 180.0),
    "forget old messages": ("portal.messaging.tasks.messages_forget", crontab(hour=1, minute=40)),
    "remind of appointments": ("cabinet.appointments.tasks.reminders_send", 300.0),
    "plan autopays": ("cabinet.payments.tasks.autopays_plan", 3600.0),
    "go on with files of bills": ("cabinet.bills.tasks.bill_runs_sweep", 120.0),
    "forget old files of bills": ("cabinet.bills.tasks.bill_files_forget", crontab(hour=2)),
    "forget old notifications": (
        "cabinet.notifications.tasks.notifications_forget",
        crontab(hour=1, minute=50),
    ),
    "forget unsent appeals": ("cabinet.appeals.tasks.unsent_forget", 3600.0),
    "close answered appeals": ("cabinet.appeals.tasks.appeals_close", crontab(hour=2, minute=20)),
    "end unconfirmed holds of windows": ("cabinet.appointments.tasks.holds_expire", 120.0),
    "forget old appointments": (
        "cabinet.appointments.tasks.appointments_forget",
        crontab(hour=2, minute=30),
    ),
    "offer windows to who waits": ("cabinet.appointments.tasks.waiting_sweep", 300.0),
    "go on with payments": ("cabinet.payments.tasks.payments_sweep", 120.0),
    "reconcile payments": ("cabinet.payments.tasks.reconciliations_begin", 3600.0),
    "forget old applications for connection": (
        "cabinet.connection.tasks.applications_forget",
        crontab(hour=2, minute=30),
    ),
    "go on with applications for connection": (
        "cabinet.connection.tasks.applications_sweep",
        120.0,
    ),
    "forget old requests of payments": (
        "cabinet.payments.tasks.payments_forget",
        crontab(hour=2, minute=10),
    ),
    "forget old certificates": (
        "cabinet.statements.tasks.certificates_forget",
        crontab(hour=1, minute=55),
    ),
}
_ONCE: dict[str, tuple[str, float | crontab]] = {
    "check the hosts of companies": ("tenants.tasks.hosts_check", crontab(hour=3, minute=10)),
    "forget expired registrations": ("cabinet.subscribers.tasks.registrations_forget", 3600.0),
    "forget drafts of linking": ("cabinet.accounts.tasks.linking_drafts_forget", 3600.0),
    "forget old delegations": ("cabinet.accounts.tasks.delegations_forget", 3600.0),
    "forget used secrets of subscribers": ("cabinet.subscribers.tasks.secrets_forget", 3600.0),
}

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    name: {"task": "tenants.tasks.fan_out", "schedule": schedule, "args": [task]}
    for name, (task, schedule) in _FANNED_OUT.items()
} | {name: {"task": task, "schedule": schedule} for name, (task, schedule) in _ONCE.items()}
