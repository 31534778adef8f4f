"""From the outbox to cursors, in one serialised step."""

from collections.abc import Sequence

from django.db import transaction

from cabinet.exchange.exports.kinds import KINDS, ExportKind
from cabinet.exchange.exports.models import ExportPending, ExportRow, ExportState

# Rows of one step: a transaction of a second at most.
BATCH = 5000


def export_note(kind: str, object_ids: Sequence[int]) -> None:
    """Note rows that billing must get, in the transaction that wrote them."""
    ExportPending.objects.bulk_create(
        [ExportPending(kind=KINDS[kind].code, object_id=number) for number in object_ids]
    )


def state_locked(kind: ExportKind) -> ExportState:
    """The kind's row, held until the transaction ends. Two that come at once wait for each other."""
    ExportState.objects.bulk_create([ExportState(kind=kind.code)], ignore_conflicts=True)
    return ExportState.objects.select_for_update().get(kind=kind.code)


@transaction.atomic
def cursors_assign(kind: ExportKind) -> int:
    """Give cursors to a batch of committed rows, and keep what billing will see. The number of cursors.

    Whoever else assigns waits for this transaction, and only what is committed is seen: a row whose
    commit comes later gets a greater cursor, whatever number its note has. A row that was noted twice
    since the last step is given once, as it is now.
    """
    state = state_locked(kind)
    noted = list(
        ExportPending.objects.filter(kind=kind.code)
        .order_by("id")
        .values_list("id", "object_id")[:BATCH]
    )
    if not noted or kind.rows is None:
        return 0
    object_ids = list(dict.fromkeys(object_id for _, object_id in noted))
    rows = kind.rows(object_ids)
    given = [
        ExportRow(kind=kind.code, cursor=cursor, object_id=object_id, row=rows[object_id])
        for cursor, object_id in enumerate(
            (one for one in object_ids if one in rows), start=state.assigned + 1
        )
    ]
    ExportRow.objects.bulk_create(given, batch_size=1000)
    ExportPending.objects.filter(pk__in=[pk for pk, _ in noted]).delete()
    state.assigned += len(given)
    state.save(update_fields=["assigned"])
    return len(given)
