from django.contrib.auth.hashers import make_password
from django.db import transaction

from cabinet.subscribers.models import Subscriber, SubscriberSession
from cabinet.subscribers.sessions import SessionRefused, sessions_end, subscriber_lock
from cabinet.subscribers.telling import subscriber_tell
from tenants.models import GasCompany


def password_change(
    *, subscriber: Subscriber, session: SubscriberSession, new_password: str, company: GasCompany
) -> Subscriber:
    """Set it and end all other logins on all hosts, ways between hosts, and unconfirmed changes.

    `subscriber` as read when the present password was checked; returns it as it is now. Raises
    SessionRefused when somebody has changed the password, or ended this login, in the meantime.
    """
    hashed = make_password(new_password)  # slow, so before the lock
    with transaction.atomic():
        locked = subscriber_lock(subscriber.pk)
        is_there = SubscriberSession.objects.filter(pk=session.pk).exists()
        if locked is None or locked.password != subscriber.password or not is_there:
            raise SessionRefused
        locked.password = hashed
        locked.save(update_fields=["password"])
        sessions_end(subscriber=locked, but=session)
        SubscriberSession.objects.filter(pk=session.pk).update(must_change_password=False)
        locked.temporary_passwords.all().delete()
        locked.contact_changes.filter(confirmed_at=None).delete()
        subscriber_tell(
            subscriber=locked,
            kind="password_changed",
            context={"company_name": company.name, "url": f"{company.url}/cabinet/recover/"},
        )
    return locked
