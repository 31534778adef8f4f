from django.urls import path

from cabinet.subscriptions import views
from cabinet.subscriptions.models import Subscription

Kind = Subscription.Kind

app_name = "subscriptions"
urlpatterns = [
    path("cabinet/settings/subscriptions/", views.page, name="page"),
    path(
        "cabinet/settings/subscriptions/receipts/<uuid:any_link_id>/",
        views.switch,
        {"kind": Kind.BILL},
        name="bills",
    ),
    path(
        "cabinet/settings/subscriptions/reminders/<uuid:any_link_id>/",
        views.switch,
        {"kind": Kind.READING_REMINDER},
        name="reminders",
    ),
    path("cabinet/<uuid:link_id>/readings/reminder/", views.reminder_switch, name="reminder"),
    path("subscriptions/off/<str:token>/", views.off, name="off"),
]
