"""Signals of the outbox."""

from django.dispatch import Signal

# The recipient will not take messages any more (`message`: its `failure` says why). Sent in the
# transaction that writes the failure; receivers switch off what would write there again.
message_refused = Signal()
