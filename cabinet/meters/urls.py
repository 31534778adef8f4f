from django.urls import path

from cabinet.meters import views, views_guest, views_history

app_name = "meters"
urlpatterns = [
    path("guest/readings/", views_guest.guest_readings, name="guest_readings"),
    path("cabinet/<uuid:link_id>/readings/", views.readings, name="readings"),
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
