"""The queues of Celery, and what goes into which. Each has a worker process of its own.

`urgent`: codes, links and webhooks, which a person waits for. `bulk`: what takes minutes or goes to many.
`default`: the rest.
"""

from kombu import Queue

QUEUES = [Queue("urgent"), Queue("default"), Queue("bulk")]

TASK_QUEUES = {
    "cabinet.appeals.tasks.appeals_close": "bulk",
    "cabinet.appeals.tasks.unsent_forget": "bulk",
    "cabinet.appointments.tasks.appointments_forget": "bulk",
    "cabinet.connection.tasks.applications_forget": "bulk",
    "cabinet.subscribers.tasks.unlock_link_send": "urgent",
    "cabinet.subscribers.tasks.recovery_answer": "urgent",
    "cabinet.subscribers.tasks.person_job_run": "bulk",
    "cabinet.bills.tasks.bill_files_forget": "bulk",
    "cabinet.bills.tasks.bill_part_render": "bulk",
    "cabinet.bills.tasks.bills_mail": "bulk",
    "cabinet.billing.tasks.common_sums_count": "bulk",
    "cabinet.exchange.tasks.*": "bulk",
    "cabinet.max.tasks.answer_write": "urgent",
    "cabinet.meters.tasks.*": "bulk",
    "cabinet.notifications.tasks.*": "bulk",
    "cabinet.payments.tasks.autopays_plan": "bulk",
    "cabinet.subscriptions.tasks.news_mail": "bulk",
    "cabinet.subscriptions.tasks.reminders_send": "bulk",
    "cabinet.payments.tasks.payment_look": "urgent",
    "cabinet.payments.tasks.webhook_handle": "urgent",
    "cabinet.payments.tasks.reconciliation_run": "bulk",
    "cabinet.payments.tasks.webhooks_take": "urgent",
    "portal.messaging.tasks.messages_drain": "bulk",
    "portal.messaging.tasks.messages_forget": "bulk",
    "portal.messaging.tasks.sms_states_ask": "bulk",
    "portal.staff.tasks.password_reset_send": "urgent",
    "tenants.tasks.archive_make": "bulk",
    "tenants.tasks.hosts_check": "bulk",
    "tenants.tasks.archive_run_execute": "bulk",
    "tenants.tasks.months_count": "bulk",
}
TASK_ROUTES = {task: {"queue": queue} for task, queue in TASK_QUEUES.items()}

# A kind of `portal.messaging`; what is not named goes through `default`.
# Kinds that staff may have sent again: no code, password or link to enter, nothing that is over by then.
# Their content stays for some days with a message that did not go out.
MESSAGES_REPEATED = frozenset(
    {
        "account_link_ended",
        "appeal_answered",
        "appeal_received",
        "appointment_booked",
        "appointment_cancelled",
        "appointment_moved",
        "autopay_result",
        "autopay_state",
        "connection_papers_asked",
        "connection_state",
        "connection_submitted",
        "form_reply",
        "link_dispute_answered",
        "payment_refunded",
        "payment_succeeded",
        "readings_received",
        "refund_request_answered",
    }
)
MESSAGE_QUEUES = {
    "already_registered": "urgent",
    "appointment_code": "urgent",
    "appointment_find": "urgent",
    "confirm_application": "urgent",
    "confirm_registration": "urgent",
    "connection_code": "urgent",
    "connection_draft": "urgent",
    "email_change": "urgent",
    "login_under_attack": "urgent",
    "mail_address": "urgent",
    "phone_code": "urgent",
    "staff_password_reset": "urgent",
    "temporary_password": "urgent",
    "bill_ready": "bulk",
    "news_published": "bulk",
    "readings_reminder": "bulk",
}
