from collections.abc import Sequence

from cabinet.outgoing.models import ExportPending, Kind


def outgoing_note(kind: Kind, object_ids: Sequence[int]) -> None:
    """Note that rows of a kind are new or corrected, so that billing gets them.

    To be called in the transaction that writes them: both happen or neither. It waits for no lock.
    """
    ExportPending.objects.bulk_create(
        [ExportPending(kind=kind, object_id=number) for number in object_ids]
    )
