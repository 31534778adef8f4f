"""Archives of companies: making the file, restoring a company from it."""

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context, schema_exists
from psycopg import sql

from portal.connection import connection
from portal.jobs import JobFailed, job_enqueue, job_run, jobs_sweep
from portal.staff.services import central_rows_delete
from portal.uploads.private_files import private_folder_make, private_write
from tenants.archives.programs import ProgramRefused, pg_dump, pg_restore
from tenants.archives.rows import rows_export, rows_import
from tenants.events import company_event
from tenants.models import ArchiveRun, CompanyArchive, GasCompany, validate_schema_name
from tenants.routing import forget_routes
from tenants.schemas import lock_schema_changes
from tenants.storage import media_folder, private_folder

log = structlog.get_logger(__name__)

State = CompanyArchive.State
FORMAT = 1


class RestoreRefused(Exception):
    """Nothing was restored; the reason is in Russian."""


def archive_request(*, company: GasCompany, actor: str) -> CompanyArchive:
    """Ask a worker for the file of a company, in the caller's transaction; also to try again."""
    archive = CompanyArchive.objects.create(
        company=company,
        schema_name=company.schema_name,
        company_name=company.name,
        requested_by=actor,
    )
    job_enqueue(archive)
    return archive


def archive_make(*, archive_id: int) -> bool:
    """Make the file of an archive. Return whether it was made; the outcome is on the row."""
    archives = CompanyArchive.objects.select_related("company")
    made = job_run(archives, archive_id, _make)
    if made:
        from tenants.archives.runs import archive_run_request  # which stands above

        archive_run_request(archive_id=archive_id, kind=ArchiveRun.Kind.CHECK, actor="")
    return made


def archives_sweep() -> None:
    """Enqueue what the broker lost; give up what a killed worker left."""
    jobs_sweep(CompanyArchive.objects.all())


def exports_failed(company: GasCompany) -> int:
    """Return 1 while the last attempt to make the company's file has failed, else 0."""
    last = CompanyArchive.objects.filter(company=company).order_by("-created_at").first()
    return int(last is not None and last.state == State.FAILED)


def archive_folder() -> Path:
    """Return the folder of archives: outside the media root, readable by the portal's account alone."""
    return private_folder_make("archives")


def archive_file(archive: CompanyArchive) -> Path:
    """Return the file of a finished archive. Raises FileNotFoundError if it is not there."""
    folder = archive_folder().resolve()
    file = (folder / archive.file_name).resolve()
    if not archive.file_name or file.parent != folder or not file.is_file():
        raise FileNotFoundError(archive.file_name)
    return file


def _make(archive: CompanyArchive) -> dict[str, Any]:
    try:
        file, contents = _write(archive)
    except (ProgramRefused, OSError) as error:
        raise JobFailed(str(error)) from error
    except Exception as error:
        log.exception("archive not made", schema=archive.schema_name)
        raise JobFailed(f"{type(error).__name__}: {error}") from error
    return {
        "state": State.DONE,
        "file_name": file.name,
        "size": file.stat().st_size,
        "sha256": file_hash(file),
        "contents": contents,
        "finished_at": timezone.now(),
    }


def _write(archive: CompanyArchive) -> tuple[Path, dict[str, Any]]:
    """Write the file; return it, and what is in it as the database and the disk say."""
    company = archive.company
    if company is None:
        raise ProgramRefused(_("Компании больше нет."))
    with schema_context(archive.schema_name):
        central_rows_delete()
    moment = timezone.now()
    file = archive_folder() / f"{archive.schema_name}-{moment:%Y%m%d-%H%M%S}-{archive.pk}.zip"
    said = {
        "format": FORMAT,
        "schema_name": archive.schema_name,
        "made_at": moment.isoformat(),
        **rows_export(company),
    }
    contents: dict[str, Any] = {"tables": table_rows(archive.schema_name), "files": 0}
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        dump, unfinished = Path(folder) / "schema.dump", Path(folder) / file.name
        pg_dump(schema=archive.schema_name, file=dump)
        with zipfile.ZipFile(unfinished, "w") as packed:
            packed.writestr("company.json", json.dumps(said, ensure_ascii=False, indent=1))
            packed.write(dump, "schema.dump")
            for name, place in _folders(archive.schema_name).items():
                for path in sorted(place.rglob("*")):
                    if path.is_file():
                        packed.write(path, f"{name}/{path.relative_to(place)}")
                        contents["files"] += 1
        unfinished.chmod(0o600)
        unfinished.replace(file)
    return file, contents


def tenant_restore(
    *,
    file: Path,
    actor: str = "tenant_restore",
    then: Callable[[GasCompany, int], None] | None = None,
) -> tuple[GasCompany, int]:
    """Restore a company, suspended; return it and how many of its rows in public were left out.

    `then` gets both in the same transaction. Raises RestoreRefused: not an archive, the company or a host
    of it is there already, or PostgreSQL refused. The rows and the schema come together or not at all.
    """
    with archive_opened(file) as packed, tempfile.TemporaryDirectory() as folder:
        said = archive_said(packed)
        dump = Path(packed.extract("schema.dump", folder))
        try:
            with schema_context("public"), transaction.atomic():
                lock_schema_changes()
                company, left_out = _rows(said)
                company_event("restored", company, actor, "")
                if then:
                    then(company, left_out)
                pg_restore(file=dump)  # a transaction of its own; last, so that ours can still fail
                transaction.on_commit(forget_routes)
        except ProgramRefused as refused:
            raise RestoreRefused(str(refused)) from refused
        _unpack_files(packed, said["schema_name"], Path(folder))
    return company, left_out


def archive_opened(file: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (OSError, zipfile.BadZipFile) as error:
        raise RestoreRefused(f"Файл {file} не читается как архив компании.") from error


def archive_said(packed: zipfile.ZipFile) -> dict[str, Any]:
    try:
        said: dict[str, Any] = json.loads(packed.read("company.json"))
        packed.getinfo("schema.dump")
        validate_schema_name(said["schema_name"])
        if said["format"] != FORMAT:
            raise RestoreRefused(f"Архив записан в формате {said['format']}, а нужен {FORMAT}.")
    except (KeyError, ValueError) as error:
        raise RestoreRefused("Это не архив компании.") from error
    return said


def _rows(said: dict[str, Any]) -> tuple[GasCompany, int]:
    name = said["schema_name"]
    if GasCompany.objects.filter(schema_name=name).exists() or schema_exists(name):
        raise RestoreRefused(f"Компания или схема «{name}» уже есть: восстанавливать некуда.")
    try:
        return rows_import(said)
    except IntegrityError as error:
        raise RestoreRefused("Адрес этой компании занят другой компанией.") from error


def file_hash(file: Path) -> str:
    """Return the SHA-256 of a file."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def table_rows(schema: str) -> dict[str, int]:
    """Return how many rows each table of a schema has; a table is one statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
        names = sorted(name for (name,) in cursor.fetchall())
        rows = {}
        for name in names:
            count = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, name))
            cursor.execute(count.as_string(None))
            rows[name] = cursor.fetchone()[0]
    return rows


def _folders(schema: str) -> dict[str, Path]:
    """Return the folders of the company's files by the folder of the archive that holds them."""
    return {"media": media_folder(schema), "private": private_folder(schema)}


def _unpack_files(packed: zipfile.ZipFile, schema: str, folder: Path) -> None:
    """Unpack the files through a folder of our own: `extract` lets no name out of it."""
    for inside, target in _folders(schema).items():
        for name in packed.namelist():
            if name.startswith(f"{inside}/"):
                path = Path(packed.extract(name, folder))
                place = target / path.relative_to(folder / inside)
                if inside == "private":
                    private_write(place, path.read_bytes())
                else:
                    place.parent.mkdir(parents=True, exist_ok=True)
                    place.write_bytes(path.read_bytes())
                path.unlink()
