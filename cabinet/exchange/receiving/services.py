"""Taking a package: on the disk, checked at the door, and a committed row for the worker."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from cabinet.exchange.attempts import package_applied_before, package_mark_refused
from cabinet.exchange.exceptions import PackageConflict, PackageRefused, Problem
from cabinet.exchange.models import Package
from cabinet.exchange.package.manifest import Manifest
from cabinet.exchange.package.opening import MANIFEST
from cabinet.exchange.receiving.door import package_check
from cabinet.exchange.receiving.files import upload_copy, upload_path, upload_remove, upload_store
from portal.audit.services import audit_write, valid_address
from portal.outbox import enqueue_on_commit
from portal.staff.models import StaffUser

DRAIN = "cabinet.exchange.tasks.queue_drain"


class NotRetried(Exception):
    """Its file is gone, or it has not failed; the reason is in Russian."""


@dataclass(frozen=True)
class Sender:
    """Who sends a package: a key's name or a login, from which address, how."""

    name: str
    address: str
    source: str


@dataclass(frozen=True)
class Wishes:
    """`rejects`: apply the good rows and set the bad ones aside."""

    rejects: bool = False
    allow_mass_close: bool = False


def package_receive(*, parts: Iterable[bytes], sender: Sender, wishes: Wishes) -> Package:
    """Take the parts of a zip, check it, and leave it to the worker.

    The row of a package that was applied before says so; one that cannot be applied has a row that says
    why: who sends it looks at `state` and `refusal`. Raises ExchangeError when there is nothing to keep:
    too large, cut short, no room.
    """
    file, size = upload_store(parts)
    package = Package(
        file=file,
        size=size,
        source=sender.source,
        sent_by=sender.name,
        sent_from=valid_address(sender.address),
        wants_rejects=wishes.rejects,
        allow_mass_close=wishes.allow_mass_close,
        state=Package.State.QUEUED,
    )
    try:
        _enter(package)
    except BaseException:
        if package.pk is None:
            upload_remove(file)
        raise
    return package


def _enter(package: Package) -> None:
    """The row, in the state in which the package came through the door."""
    try:
        manifest = package_check(upload_path(package.file), lambda found: _describe(package, found))
    except PackageRefused as refused:
        package_mark_refused(package, _named(refused, package.file))
        return
    try:
        applied = package_applied_before(manifest)
    except PackageConflict as conflict:
        package_mark_conflict(package, conflict)
        return
    if applied:
        package_mark_repeated(package, applied)
        return
    with transaction.atomic():
        package.save()
        enqueue_on_commit(DRAIN)


def _describe(package: Package, manifest: Manifest) -> None:
    package.package_id = manifest.package_id
    package.manifest_sha256 = manifest.sha256
    package.as_of = manifest.as_of
    package.mode = manifest.mode


def _named(refused: PackageRefused, file: str) -> PackageRefused:
    """The sender does not know the name under which the portal keeps the zip."""
    problems = [
        Problem("zip", one.reason, one.line, one.column) if one.file == file else one
        for one in refused.problems
    ]
    return type(refused)(problems, refused.total)


def package_mark_conflict(package: Package, conflict: PackageConflict) -> None:
    refused = PackageRefused([Problem(MANIFEST, str(conflict))])
    package_mark_refused(package, refused, Package.Refusal.CONFLICT)


def package_mark_repeated(package: Package, applied: Package) -> None:
    """The same package was applied before: nothing changes, and its file is not needed twice."""
    file, package.file = package.file, ""
    package.state = Package.State.REPEATED
    package.counts, package.rejected_rows = applied.counts, applied.rejected_rows
    package.save()
    upload_remove(file)


@transaction.atomic
def package_retry(
    *, package: Package, actor: StaffUser, address: str, allow_mass_close: bool = False
) -> Package:
    """Send a failed package again as a new attempt, as it came, but for what is allowed now.

    Raises NotRetried; DiskFull.
    """
    if not package.has_failed or not package.package_id:
        raise NotRetried("Повторить можно только пакет, который не загрузился.")
    if not package.file or not upload_path(package.file).exists():
        raise NotRetried("Файл пакета уже удалён с портала: передайте пакет ещё раз.")
    again = Package.objects.create(
        package_id=package.package_id,
        manifest_sha256=package.manifest_sha256,
        as_of=package.as_of,
        mode=package.mode,
        file=upload_copy(package.file),
        size=package.size,
        source=Package.Source.OFFICE,
        sent_by=actor.get_username(),
        sent_from=valid_address(address),
        wants_rejects=package.wants_rejects,
        allow_mass_close=package.allow_mass_close or allow_mass_close,
        state=Package.State.QUEUED,
    )
    audit_write(
        actor=actor,
        action="exchange.package_mass_close" if allow_mass_close else "exchange.package_retry",
        subject=again,
        address=address,
    )
    enqueue_on_commit(DRAIN)
    return again
