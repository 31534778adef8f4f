from django.urls import path

from cabinet.notifications import views
from cabinet.notifications.push import views as push

app_name = "notifications"
urlpatterns = [
    path("cabinet/notifications/", views.listed, name="list"),
    path("cabinet/notifications/bell/", views.bell, name="bell"),
    path("cabinet/notifications/read/", views.read_all, name="read_all"),
    path("cabinet/notifications/sent/", views.sent, name="sent"),
    path("cabinet/settings/subscriptions/ways/", views.ways, name="ways"),
    path("cabinet/settings/push/", push.page, name="push"),
    path("cabinet/settings/push/add/", push.add, name="push_add"),
    path("cabinet/settings/push/remove/<uuid:subscription_id>/", push.remove, name="push_remove"),
    path("notifications/off/<str:token>/", views.off, name="off"),
]
