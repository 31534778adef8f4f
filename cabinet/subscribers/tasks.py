from celery import shared_task

from cabinet.subscribers import kept_forms
from cabinet.subscribers.login import passes
from cabinet.subscribers.registration import services
from portal.connection import current_schema


@shared_task
def registrations_forget() -> None:
    """What nobody needs any more: registrations, links past the limit, forms of ended sessions."""
    services.registrations_forget()
    passes.login_passes_forget()
    kept_forms.kept_forms_forget()


@shared_task
def login_pass_tell(pass_id: int) -> None:
    passes.login_pass_tell(pass_id)


@shared_task
def login_passes_sweep() -> None:
    """In every company's schema: what the broker lost."""
    for pass_id in passes.login_passes_late(current_schema()):
        passes.login_pass_tell(pass_id)
