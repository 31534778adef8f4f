from django.urls import path

from cabinet.meters import views, views_guest, views_history
from cabinet.meters.kept import shell
from cabinet.meters.kept import views as kept

app_name = "meters"
urlpatterns = [
    path("guest/readings/", views_guest.guest_readings, name="guest_readings"),
    path("cabinet/<uuid:link_id>/readings/", views.readings, name="readings"),
    path("cabinet/<uuid:link_id>/readings/kept/", kept.kept, name="kept"),
    path("cabinet/kept/", kept.who, name="kept_who"),
    path("cabinet/offline/", shell.offline, name="offline"),
    path("cabinet/sw.js", shell.worker, name="worker"),
    path("cabinet/manifest.webmanifest", shell.manifest, name="manifest"),
    path("cabinet/icon-<int:size>.png", shell.icon, name="app_icon"),
    path("cabinet/<uuid:link_id>/readings/sent/<str:number>/", views_history.sent, name="sent"),
    path(
        "cabinet/<uuid:link_id>/readings/photos/<uuid:photo_id>/",
        views_history.photo,
        name="photo",
    ),
    path(
        "cabinet/<uuid:link_id>/readings/history.<str:form>",
        views_history.history_file,
        name="history_file",
    ),
]
