from django.urls import path

from cabinet.connection.access import connection_page
from cabinet.connection.form import views as form
from cabinet.connection.form import views_papers as papers
from cabinet.connection.form import views_review as review
from cabinet.connection.tracker import status
from cabinet.connection.tracker import views as tracker

_ONE = "connection/applications/<str:number>/"
_DRAFT = "connection/<uuid:key>/"

app_name = "connection"
urlpatterns = [
    path("connection/", form.start, name="start"),
    path("connection/new/", form.new, name="new"),
    path("connection/continue/<str:secret>/", form.go_on, name="continue"),
    path("connection/status/", status.status, name="status"),
    path("connection/forwarded/<str:token>/", connection_page(tracker.forwarded), name="forwarded"),
    path("connection/applications/", connection_page(tracker.mine), name="mine"),
    path(_ONE, connection_page(tracker.application), name="application"),
    path(f"{_ONE}withdraw/", connection_page(tracker.withdraw), name="withdraw"),
    path(f"{_ONE}papers/<uuid:pk>/", connection_page(tracker.paper), name="paper"),
    path(f"{_DRAFT}papers/", papers.papers, name="papers"),
    path(f"{_DRAFT}papers/file/", papers.paper_file, name="paper_file"),
    path(f"{_DRAFT}papers/<uuid:pk>/", papers.paper, name="draft_paper"),
    path(f"{_DRAFT}review/", review.review, name="review"),
    path(f"{_DRAFT}code/", review.code, name="code"),
    path(f"{_DRAFT}delete/", form.delete, name="draft_delete"),
    path(f"{_DRAFT}link/", form.link_send, name="draft_link"),
    path(f"{_DRAFT}<slug:name>/", form.step, name="step"),
]
