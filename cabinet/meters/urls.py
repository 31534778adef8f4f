from django.urls import path

from cabinet.meters import views, views_guest
from cabinet.meters.offline import shell
from cabinet.meters.offline import views as offline

app_name = "meters"
urlpatterns = [
    path("guest/readings/", views_guest.find, name="guest_readings"),
    path("guest/readings/forget/", views_guest.forget, name="guest_forget"),
    path("guest/readings/<slug:key>/", views_guest.send, name="guest_send"),
    path(
        "guest/readings/<slug:key>/acknowledgement/",
        views_guest.acknowledgement,
        name="guest_acknowledgement",
    ),
    path("guest/readings/<slug:key>/remember/", views_guest.remember, name="guest_remember"),
    path("cabinet/<uuid:link_id>/readings/", views.readings, name="readings"),
    path("cabinet/<uuid:link_id>/readings/kept/", offline.draft, name="offline_draft"),
    path("cabinet/kept/", offline.identity, name="offline_identity"),
    path("cabinet/offline/", shell.page, name="offline_page"),
    path("cabinet/sw.js", shell.worker, name="worker"),
    path("cabinet/manifest.webmanifest", shell.manifest, name="manifest"),
    path("cabinet/icon-<int:size>.png", shell.icon, name="app_icon"),
    path(
        "cabinet/<uuid:link_id>/readings/sent/<str:number>/",
        views.acknowledgement,
        name="acknowledgement",
    ),
    path("cabinet/<uuid:link_id>/readings/photos/<uuid:photo_id>/", views.photo, name="photo"),
    path(
        "cabinet/<uuid:link_id>/readings/history.<str:form>",
        views.history_file,
        name="history_file",
    ),
]
