"""The addresses of the desks of appeals, below the admin's."""

from django.urls import path, re_path

from cabinet.appeals.desk import answering, appeal, queue
from cabinet.appeals.figures.views import figures, figures_file

_ONE = "appeals/<int:pk>/"

urlpatterns = [
    path("appeals/", queue.queue, name="appeals_desk"),
    path("appeals/mine/", queue.mine, name="appeals_mine"),
    path("appeals/all/", queue.everything, name="appeals_all"),
    path("appeals/next/", queue.take_next, name="appeals_next"),
    path("appeals/figures/", figures, name="appeals_figures"),
    re_path(r"^appeals/figures\.(?P<ending>csv|xlsx)\Z", figures_file, name="appeals_figures_file"),
    path(_ONE, appeal.appeal_show, name="appeals_one"),
    path(f"{_ONE}take/", appeal.take, name="appeals_take"),
    path(f"{_ONE}hold/", appeal.hold, name="appeals_hold"),
    path(f"{_ONE}release/", appeal.release, name="appeals_release"),
    path(f"{_ONE}answer/", answering.answer, name="appeals_answer"),
    path(f"{_ONE}note/", appeal.note, name="appeals_note"),
    path(f"{_ONE}transfer/", appeal.transfer, name="appeals_transfer"),
    path(f"{_ONE}assign/", appeal.assign, name="appeals_assign"),
    path(f"{_ONE}files/<uuid:file_id>/", appeal.file, name="appeals_file"),
]
