"""The addresses of the desk of applications for connection, below the admin's."""

from django.urls import path

from cabinet.connection.desk import actions, application, papers, queue

_ONE = "connection/<int:pk>/"
_ACTIONS = (
    *(actions.forward, actions.send_again, actions.register, actions.ask, actions.advance),
    *(actions.refuse, actions.withdraw, actions.correct, actions.files, actions.note),
)

urlpatterns = [
    path("connection/", queue.queue, name="connection_desk"),
    path("connection/all/", queue.everything, name="connection_all"),
    path(_ONE, application.application_show, name="connection_one"),
    path(f"{_ONE}application.pdf", papers.printed, name="connection_printed"),
    path(f"{_ONE}papers.zip", papers.archive, name="connection_archive"),
    path(f"{_ONE}papers/<uuid:paper_id>/", papers.paper, name="connection_paper"),
    *(
        path(f"{_ONE}{one.__name__.replace('_', '-')}/", one, name=f"connection_{one.__name__}")
        for one in _ACTIONS
    ),
]
