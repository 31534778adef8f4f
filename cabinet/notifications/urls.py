from django.urls import path

from cabinet.notifications import views

app_name = "notifications"
urlpatterns = [
    path("cabinet/notifications/", views.listed, name="list"),
    path("cabinet/notifications/read/", views.read_all, name="read_all"),
    path("cabinet/notifications/sent/", views.sent, name="sent"),
    path("cabinet/settings/subscriptions/ways/", views.ways, name="ways"),
    path("notifications/off/<str:token>/", views.off, name="off"),
]
