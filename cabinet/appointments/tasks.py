"""The tasks of appointments; each calls one service."""

from celery import shared_task

from cabinet.appointments.lifecycle import forgetting, holding
from cabinet.appointments.ticket import reminding
from cabinet.appointments.waiting import joining, offers
from tenants.selectors import current_company


@shared_task
def holds_expire() -> None:
    """End the holds of one company that nobody has confirmed; public, which is asked too, has none."""
    if current_company() is not None:
        holding.holds_expire()


@shared_task
def appointments_forget() -> None:
    """Forget who booked what is long over, of one company."""
    if current_company() is not None:
        forgetting.appointments_forget()


@shared_task
def reminders_send() -> None:
    """Remind people of one company of their appointments; public, which is asked too, has none."""
    reminding.reminders_send()


@shared_task
def waiting_offer(centre_pk: int) -> None:
    """Offer a window that was freed to the first in the queue whom it suits."""
    if current_company() is not None:
        offers.waiting_offer(centre_pk)


@shared_task
def waiting_sweep() -> None:
    """Offer what is free to those who wait in one company, and forget who has never confirmed."""
    if current_company() is not None:
        joining.entries_forget()
        offers.waiting_sweep()
