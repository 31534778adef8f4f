from django.urls import path

from cabinet.connection.tracker import status
from cabinet.connection.tracker import views as tracker

_ONE = "connection/applications/<str:number>/"

app_name = "connection"
urlpatterns = [
    path("connection/status/", status.status, name="status"),
    path("connection/forwarded/<str:token>/", tracker.forwarded, name="forwarded"),
    path("connection/applications/", tracker.mine, name="mine"),
    path(_ONE, tracker.application, name="application"),
    path(f"{_ONE}withdraw/", tracker.withdraw, name="withdraw"),
    path(f"{_ONE}papers/<uuid:pk>/", tracker.paper, name="paper"),
]
