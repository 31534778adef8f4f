"""Receive a package: on the disk, checked, and a committed row for the queue."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, UnreadablePostError

from cabinet.exchange.attempts import (
    package_applied_before,
    package_describe,
    package_mark_conflict,
    package_mark_refused,
    package_mark_repeated,
)
from cabinet.exchange.exceptions import ExchangeError, PackageConflict, PackageRefused, Problem
from cabinet.exchange.models import Package
from cabinet.exchange.package.manifest import Manifest
from cabinet.exchange.package.opening import package_open
from cabinet.exchange.uploaded_files import (
    StoredUpload,
    UploadTooLarge,
    upload_copy,
    upload_path,
    upload_remove,
    upload_store,
)
from portal.audit.services import audit_write, valid_address
from portal.connection import current_schema
from portal.jobs import enqueue_on_commit
from portal.staff.models import StaffUser

DRAIN = "cabinet.exchange.tasks.queue_drain"


class NotRetried(Exception):
    """The package has not failed, or its file is deleted; the reason is in Russian."""


@dataclass(frozen=True)
class Sender:
    """The sender of a package: a key's name or a login, the address, the way of sending.

    `actor` and `file_name` are of a member of staff who uploads by hand: that is logged.
    """

    name: str
    address: str
    source: str
    actor: StaffUser | None = None
    file_name: str = ""


@dataclass(frozen=True)
class Wishes:
    """Options of the sender: `rejects`: apply the good rows, set the others aside; `check`: load nothing."""

    rejects: bool = False
    allow_mass_close: bool = False
    check: bool = False


def package_receive(*, parts: Iterable[bytes], sender: Sender, wishes: Wishes) -> Package:
    """Store the parts of a zip, check it, and leave it to the worker.

    The row of a package that was applied before says so; that of one that cannot be applied says why:
    the caller reads `state` and `refusal`. Raises ExchangeError when there is nothing to store: too
    large, cut short, no room.
    """
    try:
        stored = upload_store(parts)
    except ExchangeError as error:
        _log(sender, sender.file_name, result=str(error))
        raise
    package = Package(
        file=stored.name,
        size=stored.size,
        source=sender.source,
        sent_by=sender.name,
        sent_from=valid_address(sender.address),
        wants_rejects=wishes.rejects,
        is_check=wishes.check,
        allow_mass_close=wishes.allow_mass_close,
        state=Package.State.QUEUED,
    )
    try:
        _enter(package, sender, stored)
    except BaseException:
        if package.pk is None:
            upload_remove(stored.name)
        raise
    return package


@contextmanager
def _logged(package: Package, sender: Sender, stored: StoredUpload) -> Iterator[None]:
    """Log an upload by hand in the transaction in which its row is saved."""
    with transaction.atomic():
        yield
        result = str(package.get_state_display())
        _log(sender, package, size=stored.size, sha256=stored.sha256, result=result)


def _log(sender: Sender, subject: object, **details: object) -> None:
    if sender.actor:
        is_check = isinstance(subject, Package) and subject.is_check
        audit_write(
            actor=sender.actor,
            action="exchange.package_check" if is_check else "exchange.package_send",
            subject=subject,
            address=sender.address,
            details={"file": sender.file_name, **details},
        )


def _enter(package: Package, sender: Sender, stored: StoredUpload) -> None:
    """Save the row in the state that the checks of the upload give it."""
    try:
        manifest = upload_check(package)
    except PackageRefused as refused:
        with _logged(package, sender, stored):
            package_mark_refused(package, _named(refused, package.file))
        return
    try:
        applied = package_applied_before(manifest)
    except PackageConflict as conflict:
        with _logged(package, sender, stored):
            package_mark_conflict(package, conflict)
        return
    if applied:
        with _logged(package, sender, stored):
            package_mark_repeated(package, applied)
        return
    with _logged(package, sender, stored):
        package.save()
        enqueue_on_commit(DRAIN)


def upload_check(package: Package) -> Manifest:
    """Check of an uploaded zip what needs no rows of the database: manifest, names and hashes.

    Nothing is unpacked to disk, and of each file a part is in memory. The row, not saved, is described
    as soon as the manifest is read. Raises PackageRefused.
    """
    with package_open(upload_path(package.file), tenant=current_schema()) as opened:
        package_describe(package, opened.manifest)
        opened.assert_complete()
        opened.assert_intact()
    return opened.manifest


def _named(refused: PackageRefused, file: str) -> PackageRefused:
    """Rename the stored zip to «zip» in the problems: the sender does not know its stored name."""
    problems = [
        Problem("zip", one.reason, one.line, one.column) if one.file == file else one
        for one in refused.problems
    ]
    return type(refused)(problems, refused.total)


@transaction.atomic
def package_retry(
    *,
    package: Package,
    actor: StaffUser,
    address: str,
    allow_mass_close: bool = False,
    rejects: bool = False,
) -> Package:
    """Queue a failed package again as a new attempt, as it came, but for what is allowed now.

    One that was only checked is loaded; a check that failed is made again. `rejects`: the good rows are
    wanted now. Raises NotRetried; DiskFull.
    """
    is_checked = package.state == Package.State.CHECKED
    if not (package.has_failed or is_checked) or not package.package_id:
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
        source=Package.Source.DESK,
        sent_by=actor.get_username(),
        sent_from=valid_address(address),
        is_check=package.is_check and not is_checked,
        wants_rejects=package.wants_rejects or rejects,
        allow_mass_close=package.allow_mass_close or allow_mass_close,
        state=Package.State.QUEUED,
    )
    audit_write(
        actor=actor,
        action=_again_action(package, allow_mass_close=allow_mass_close),
        subject=again,
        address=address,
    )
    enqueue_on_commit(DRAIN)
    return again


def _again_action(package: Package, *, allow_mass_close: bool) -> str:
    if allow_mass_close:
        return "exchange.package_mass_close"
    if package.state == Package.State.CHECKED:
        return "exchange.package_send"
    return "exchange.package_retry"


_PART_BYTES = 64 * 1024


class LengthRequired(ExchangeError):
    """The request has neither Content-Length nor chunks whose end the server can find."""


class BodyCutShort(ExchangeError):
    """The connection broke before all of the body was there."""

    def __init__(self) -> None:
        super().__init__("Передача оборвалась: пришли не все байты. Передайте пакет ещё раз.")


def body_parts(request: HttpRequest) -> Iterator[bytes]:
    """Yield the body of a request in parts; Django's own `request.body` must not have been read.

    Raises UploadTooLarge before the first part when the length says so, BodyCutShort, LengthRequired.
    """
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length:
        if not request.META.get("wsgi.input_terminated"):
            raise LengthRequired("Укажите длину пакета в заголовке Content-Length.")
        yield from _read(request.META["wsgi.input"])
        return
    expected = int(length) if length.isdecimal() else 0
    if expected > settings.EXCHANGE_MAX_BYTES:
        raise UploadTooLarge
    got = 0
    for part in _read(request):
        got += len(part)
        yield part
    if got < expected:
        raise BodyCutShort


def _read(stream: Any) -> Iterator[bytes]:
    try:
        while part := stream.read(_PART_BYTES):
            yield part
    except (UnreadablePostError, OSError) as error:
        raise BodyCutShort from error
