from django.urls import path

from cabinet.max import views
from cabinet.max.webhook import webhook

app_name = "max"
urlpatterns = [
    path("cabinet/settings/max/", views.page, name="page"),
    path("cabinet/settings/max/qr.svg", views.qr, name="qr"),
    path("cabinet/settings/max/invite/", views.invite, name="invite"),
    path("cabinet/settings/max/confirm/<uuid:invitation_id>/", views.confirm, name="confirm"),
    path("cabinet/settings/max/switch/", views.switch, name="switch"),
    path("cabinet/settings/max/unlink/", views.unlink, name="unlink"),
    path("webhooks/max/", webhook, name="webhook"),
]
