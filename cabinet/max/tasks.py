from celery import shared_task

from cabinet.max import answers, invitations


@shared_task
def answer_write(user_id: int, what: str) -> None:
    answers.answer_write(user_id, what)


@shared_task
def invitations_forget() -> None:
    """Run every hour in every company."""
    invitations.invitations_forget()
