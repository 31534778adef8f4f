from portal.messaging.models import Message


def messages_failed() -> int:
    """How many messages of the current schema were given up."""
    return Message.objects.filter(state=Message.State.FAILED).count()
