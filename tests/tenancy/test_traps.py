"""What goes wrong with schemas, each with a test that fails without its cure (docs/architecture.md)."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from celery import shared_task
from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import ProgrammingError, transaction
from django_tenants.utils import schema_context

from cabinet.accounts.models import PersonalAccount
from cms_pages.models import HomePage
from portal.connection import connection, current_schema
from portal.settings import queues
from tenants import tasks
from tenants.celery import WrongSchema
from tenants.models import GasCompany
from tenants.patches import content_types
from tests.support.factories import make_account
from tests.support.threads import in_threads

ROOT = Path(settings.BASE_DIR)


class TestATenantDoesNotSeePublic:
    def test_a_missing_table_is_an_error(self, pskov):
        with schema_context("public"), connection.cursor() as cursor:
            cursor.execute('CREATE TABLE "public"."only_here" (id int)')
        with pytest.raises(ProgrammingError), transaction.atomic():
            connection.cursor().execute("SELECT * FROM only_here")

    def test_public_models_are_reached_by_name(self, pskov, novgorod):
        assert current_schema() == "pskov"
        assert GasCompany.objects.filter(schema_name="novgorod").exists()

    def test_public_models_name_their_schema(self):
        from django.apps import apps

        labels = {"tenants", "subscribers"}
        models = [model for label in labels for model in apps.get_app_config(label).get_models()]
        through = [field.remote_field.through for m in models for field in m._meta.many_to_many]
        for model in [*models, *through]:
            assert model._meta.db_table.startswith('"public"."'), model

    def test_public_rows_are_locked_by_name(self, pskov):
        locked = GasCompany.objects.select_for_update(of=["self"], skip_locked=True)
        assert pskov in list(locked.filter(regions__isnull=False))

    def test_no_foreign_key_crosses_schemas(self):
        from django.apps import apps

        public = {"tenants", "subscribers"}
        for model in apps.get_models(include_auto_created=True):
            for field in model._meta.get_fields():
                if field.concrete and field.is_relation and field.related_model:
                    here = model._meta.app_label in public
                    there = field.related_model._meta.app_label in public
                    assert here == there, f"{model.__name__}.{field.name}"


class TestContentTypes:
    def test_ids_differ_and_every_thread_gets_its_own(self, own_db):
        """Trap 9: one cache for all threads gave wrong ids, and 500s under load."""
        with schema_context("novgorod"):
            model = ContentType.objects.get_for_model(PersonalAccount)
            Permission.objects.filter(content_type=model).delete()
            ContentType.objects.filter(pk=model.pk).update(id=model.pk + 1000)
        content_types.clear_all()
        expected = {}
        for schema in ("pskov", "novgorod"):
            with schema_context(schema):
                rows = ContentType.objects.filter(model="personalaccount")
                expected[schema] = rows.get().pk
        assert expected["pskov"] != expected["novgorod"]

        def look_up(schema: str) -> Callable[[], None]:
            def work() -> None:
                for _ in range(150):
                    with schema_context(schema):
                        found = ContentType.objects.get_for_model(PersonalAccount).pk
                        assert found == expected[schema]
                        assert ContentType.objects.get_for_id(found).model == "personalaccount"

            return work

        assert in_threads(*[look_up(schema) for schema in expected for _ in range(2)]) == []

    def test_a_switch_keeps_the_cache(self, pskov, django_assert_num_queries):
        ContentType.objects.get_for_model(HomePage)
        with schema_context("novgorod"):
            pass
        with django_assert_num_queries(0):
            ContentType.objects.get_for_model(HomePage)


class TestCaches:
    def test_the_default_cache_is_the_tenants(self, pskov):
        caches["default"].set("page", "Псков")
        with schema_context("novgorod"):
            assert caches["default"].get("page") is None

    def test_the_shared_cache_is_everybodys(self, pskov):
        caches["shared"].set("strikes", 3)
        with schema_context("novgorod"):
            assert caches["shared"].get("strikes") == 3

    def test_a_threads_cache_is_its_own_companys(self, own_db):
        def write_and_read(schema: str) -> Callable[[], None]:
            def work() -> None:
                for number in range(200):
                    with schema_context(schema):
                        caches["default"].set("key", f"{schema}{number}")
                        assert str(caches["default"].get("key")).startswith(schema)

            return work

        assert in_threads(write_and_read("pskov"), write_and_read("novgorod")) == []


class TestPermissionsUnderThreads:
    def test_an_editor_here_is_nobody_there(self, own_db):
        from portal.staff.models import StaffUser
        from portal.staff.services import staff_create

        with schema_context("pskov"):
            here = staff_create(username="same", password="x", groups=["Editors"])
        with schema_context("novgorod"):
            there = staff_create(username="same", password="x")
        assert here.pk == there.pk

        def ask(schema: str, expected: bool) -> Callable[[], None]:
            def work() -> None:
                for _ in range(50):
                    with schema_context(schema):
                        user = StaffUser.objects.get(username="same")
                        assert user.has_perm("wagtailadmin.access_admin") is expected

            return work

        assert in_threads(ask("pskov", True), ask("novgorod", False)) == []


class TestOnCommit:
    def test_a_callback_runs_in_the_schema_where_it_was_registered(self, own_db):
        """Trap 6: an image deleted in Pskov took Novgorod's file along."""
        ran_in = []
        with schema_context("pskov"), transaction.atomic():
            transaction.on_commit(lambda: ran_in.append(current_schema()))
            connection.set_schema("novgorod")
        assert ran_in == ["pskov"]

    def test_and_the_schema_in_force_is_put_back(self, own_db):
        with transaction.atomic():
            connection.set_schema("pskov")
            transaction.on_commit(lambda: None)
            connection.set_schema("novgorod")
        assert current_schema() == "novgorod"


@shared_task
def where_am_i() -> str:
    return current_schema()


class TestTasks:
    def test_a_task_runs_in_the_schema_of_its_header(self, pskov):
        answer = where_am_i.apply(headers={"_schema_name": "novgorod"})
        assert answer.get() == "novgorod"

    def test_a_deleted_companys_task_runs_nowhere(self, pskov):
        """Trap 4: Celery logged the error and ran it in public."""
        answer = where_am_i.apply(headers={"_schema_name": "gone"})
        with pytest.raises(WrongSchema):
            answer.get()

    def test_beat_fans_out_to_companies_alone(self, db, monkeypatch):
        """Trap 10: not to the template, not to an archived company."""
        GasCompany.objects.filter(schema_name="novgorod").update(status="archived")
        sent = []
        monkeypatch.setattr(
            tasks.current_app, "send_task", lambda name, headers, **_: sent.append(headers)
        )
        tasks.fan_out("portal.messaging.tasks.messages_sweep")
        assert [headers["_schema_name"] for headers in sent] == ["public", "pskov"]

    def test_every_beat_entry_exists(self):
        from portal.celery import app

        app.loader.import_default_modules()
        for entry in settings.CELERY_BEAT_SCHEDULE.values():
            assert entry["task"] in app.tasks
            for name in entry.get("args", []):
                assert name in app.tasks
        ticked = [*settings.TICK_EVERYWHERE, *settings.TICK_COMPANY, *settings.TICK_PUBLIC]
        for name in [*ticked, *queues.TASK_QUEUES]:
            assert name in app.tasks or name.endswith(".*")


class TestFiles:
    def test_each_companys_under_its_own_folder(self, pskov, settings, tmp_path):
        """Trap 12: django-tenants' storage ignores the tenant when it is given a location."""
        settings.MEDIA_ROOT = tmp_path
        name = default_storage.save("a.txt", ContentFile(b"x"))
        assert (tmp_path / "pskov" / name).exists()
        with schema_context("novgorod"):
            assert not default_storage.exists(name)


class TestInstances:
    def test_a_lazy_queryset_reads_where_it_is_evaluated(self, pskov):
        """Why `in_company` says to evaluate inside: this is how it would go wrong."""
        make_account("1")
        with schema_context("pskov"):
            lazy = PersonalAccount.objects.all()
        with schema_context("novgorod"):
            assert list(lazy) == []


class TestTheSource:
    """Rules that no linter knows."""

    def sources(self) -> list[tuple[Path, ast.Module]]:
        folders = ("portal", "tenants", "cms_pages", "cabinet", "tests")
        paths = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
        return [(path, ast.parse(path.read_text())) for path in paths]

    def test_no_schema_switch_as_a_decorator(self):
        """Trap 5: under threads 1490 of 1500 calls were in the wrong schema."""
        forbidden = {"schema_context", "tenant_context", "in_company"}
        for path, tree in self.sources():
            for node in ast.walk(tree):
                for decorator in getattr(node, "decorator_list", []):
                    call = decorator.func if isinstance(decorator, ast.Call) else decorator
                    name = getattr(call, "id", getattr(call, "attr", ""))
                    assert name not in forbidden, f"{path}:{node.lineno}"

    def test_no_test_flushes_the_companies(self):
        """Trap 11: use the fixture own_db instead."""
        for path, tree in self.sources():
            for node in ast.walk(tree):
                if isinstance(node, ast.keyword) and node.arg == "transaction":
                    assert not getattr(node.value, "value", None), path
                if isinstance(node, ast.arg):
                    assert node.arg not in {"transactional_db", "live_server"}, path
