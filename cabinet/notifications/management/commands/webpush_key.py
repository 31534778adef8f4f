from typing import Any

from django.core.management.base import BaseCommand

from cabinet.notifications.push.keys import key_new


class Command(BaseCommand):
    help = (
        "Make a key for notifications of browsers (WEBPUSH_PRIVATE_KEY). Once for all time: browsers that "
        "have allowed notifications take them from this key alone."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(key_new())
