from django.urls import path

from cabinet.reminders import views

app_name = "reminders"
urlpatterns = [
    path("cabinet/<uuid:link_id>/readings/reminder/", views.switch, name="switch"),
    path(
        "cabinet/settings/subscriptions/reminders/<uuid:wanted>/",
        views.subscription,
        name="subscription",
    ),
    path("reminders/off/<str:token>/", views.off, name="off"),
]
