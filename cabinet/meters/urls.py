from django.urls import path

from cabinet.meters import views, views_guest

app_name = "meters"
urlpatterns = [
    path("guest/readings/", views_guest.guest_readings, name="guest_readings"),
    path("cabinet/<uuid:link_id>/readings/", views.readings, name="readings"),
]
