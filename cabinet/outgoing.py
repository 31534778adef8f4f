"""What billing must hear of. An app notes the rows that it wrote; the exchange, which lies above, listens."""

from collections.abc import Callable, Sequence

# (kind, primary keys). Called in the transaction that wrote the rows: both happen or neither.
Listener = Callable[[str, Sequence[int]], None]
_listeners: list[Listener] = []


def outgoing_listen(listener: Listener) -> None:
    if listener not in _listeners:
        _listeners.append(listener)


def outgoing_note(kind: str, object_ids: Sequence[int]) -> None:
    """Say that rows of a kind are new or corrected: `readings`, `payments`, `appeals`, `applications`.

    To be called in the transaction that writes them. It must stay cheap and wait for nobody.
    """
    for listener in _listeners:
        listener(kind, object_ids)
