"""The queues of Celery, and what goes into which; each has a worker process of its own.

`urgent`: codes, links and webhooks, which a person waits for. `bulk`: what takes minutes or goes to many.
"""

from kombu import Queue

QUEUES = [Queue("urgent"), Queue("default"), Queue("bulk")]

MESSAGE_QUEUES = {
    "already_registered": "urgent",
    "confirm_registration": "urgent",
    "email_change": "urgent",
    "login_under_attack": "urgent",
    "phone_code": "urgent",
    "temporary_password": "urgent",
    "readings_reminder": "bulk",
}
