"""The base of staff desks: rights, hosts, lists, actions."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import get_messages
from django.contrib.messages.middleware import MessageMiddleware
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory

from portal.audit.models import AuditEntry
from portal.audit.services import audit_write
from portal.connection import connection
from portal.desk.access import central_only, company_only, desk_action, desk_view
from portal.desk.lists import Column, DeskList, Filter
from portal.desk.pages import desk_act, desk_page

RIGHT = "audit.view_auditentry"


def request_of(user, path="/", method="get"):
    request = getattr(RequestFactory(), method)(path)
    request.user = user
    request.session = {}
    MessageMiddleware(lambda request: HttpResponse()).process_request(request)
    return request


def said(request):
    return [str(one) for one in get_messages(request)]


class TestRights:
    def test_a_view_is_hidden_from_staff_without_the_right(self, company_administrator, editor):
        @desk_view(RIGHT)
        def view(request):
            return HttpResponse("журнал")

        assert view(request_of(company_administrator)).content.decode() == "журнал"
        for user in (editor, AnonymousUser()):
            with pytest.raises(Http404):
                view(request_of(user))

    def test_a_view_may_refuse_instead_of_hiding(self, editor):
        view = desk_view(RIGHT, hidden=False)(lambda request: HttpResponse())
        with pytest.raises(PermissionDenied):
            view(request_of(editor))

    def test_a_right_may_be_a_rule(self, editor):
        assert desk_view(lambda user: user == editor)(lambda request: HttpResponse("да"))(
            request_of(editor)
        )
        with pytest.raises(Http404):
            desk_view(lambda user: False)(lambda request: HttpResponse())(request_of(editor))

    def test_an_action_is_a_post(self, company_administrator):
        view = desk_action(RIGHT)(lambda request: HttpResponse())
        assert view(request_of(company_administrator)).status_code == 405
        assert view(request_of(company_administrator, method="post")).status_code == 200

    def test_a_guard_hides_a_view_on_other_hosts(self, pskov):
        request = RequestFactory().get("/")
        for guard, here in ((company_only, "pskov"), (central_only, "public")):
            view = guard(lambda request: HttpResponse())
            for tenant in (pskov, None):
                if tenant:
                    connection.set_tenant(tenant)
                else:
                    connection.set_schema_to_public()
                if connection.schema_name == here:
                    assert view(request).status_code == 200
                else:
                    with pytest.raises(Http404):
                        view(request)


class TestAnAction:
    def act(self, user, change, **options):
        request = request_of(user, method="post")
        answer = desk_act(request, change, done="Сделано.", back="/admin/", **options)
        assert (answer.status_code, answer.url) == (302, "/admin/")
        return said(request)

    def test_is_logged_and_reported(self, editor):
        assert self.act(editor, lambda: None, action="test.act", subject="№ 1") == ["Сделано."]
        entry = AuditEntry.objects.get(action="test.act")
        assert (entry.actor_name, entry.subject) == ("editor", "№ 1")

    def test_refused_leaves_no_change_and_no_entry(self, editor):
        def change():
            audit_write(actor=None, action="test.change")
            raise ValidationError("Так нельзя.")

        heard = self.act(editor, change, refused=ValidationError, action="test.act")
        assert heard == ["Так нельзя."]
        assert not AuditEntry.objects.filter(action__startswith="test.").exists()

    def test_the_change_is_undone_if_it_cannot_be_logged(self, editor, monkeypatch):
        monkeypatch.setattr("portal.desk.pages.audit_write", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            self.act(
                editor, lambda: audit_write(actor=None, action="test.change"), action="test.act"
            )
        assert not AuditEntry.objects.filter(action="test.change").exists()

    def test_an_exception_that_is_not_named_goes_on(self, editor):
        with pytest.raises(ValueError, match="беда"):
            self.act(editor, lambda: (_ for _ in ()).throw(ValueError("беда")))


@pytest.fixture
def entries(pskov):
    for number in range(7):
        audit_write(actor=None, action="odd" if number % 2 else "even", subject=f"№ {number}")
    return AuditEntry.objects.filter(action__in=["odd", "even"]).order_by("pk")


class TestAList:
    def of(self, rows, query="", **options):
        columns = [
            Column(label="Над чем", order=("subject", "pk")),
            Column(label="Действие", order=("action", "-pk")),
            Column(label="Откуда"),
        ]
        odd = Filter(
            name="kind",
            label="вид",
            choices=[("odd", "нечётные"), ("even", "чётные")],
            narrow=lambda rows, value: rows.filter(action=value),
        )
        options = {"filters": [odd], "search": ["subject__icontains"], "per_page": 3, **options}
        return DeskList(RequestFactory().get(f"/{query}"), rows, columns=columns, **options)

    @pytest.mark.parametrize(
        ("query", "numbers"),
        [
            ("", "012"),
            ("?p=3", "6"),
            ("?p=99", "6"),
            ("?p=%00", "012"),
            ("?kind=odd", "135"),
            ("?kind=none", "012"),
            ("?q=+4+", "4"),
            ("?q=4&kind=odd", ""),
            ("?order=-0", "654"),
            ("?order=1", "642"),
            ("?order=-1", "135"),
            ("?order=2", "012"),
            ("?order=9", "012"),
            ("?order=--1", "012"),
            ("?order=" + "9" * 5000, "012"),
        ],
    )
    def test_shows_what_the_address_asks_for(self, entries, query, numbers):
        assert "".join(one.subject[-1] for one in self.of(entries, query).page) == numbers

    def test_the_rest_of_the_address_stays(self, entries, rf):
        shown = self.of(entries, "?kind=even&q=№&order=-0")
        request = rf.get("/?kind=even&q=№&order=-0")
        html = render_to_string("desk/pages.html", {"page": shown.page}, request)
        assert "kind=even" in html and "order=-0" in html and "p=2" in html
        assert shown.headings()[0] == {
            "label": "Над чем",
            "is_number": False,
            "sorted": "descending",
            "order": "0",
        }
        assert shown.is_narrowed and shown.has_search
        assert [(one.name, chosen) for one, chosen in shown.filters()] == [("kind", "even")]

    def test_queries_do_not_grow(self, entries, django_assert_num_queries):
        shown = self.of(entries)
        with django_assert_num_queries(2):
            assert len(list(shown.page)) == 3
            assert shown.page.paginator.num_pages == 3

    def test_the_page_shows_the_list_and_reloads_itself(self, entries, company_administrator):
        request = request_of(company_administrator, "/?kind=odd")
        shown = self.of(entries, "?kind=odd")
        page = desk_page(
            request, "desk/list.html", {"list": shown}, title="Журнал", icon="history", refresh=5
        )
        html = page.content.decode()
        assert page.headers["Refresh"] == "5"
        assert '<option value="odd" selected>' in html and "Журнал" in html
        assert html.partition("desk-list")[2].count('scope="col"') == 3
