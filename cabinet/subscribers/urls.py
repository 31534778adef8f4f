from django.urls import include, path

from cabinet.subscribers.consents import urls as consents
from cabinet.subscribers.handoff import urls as handoff
from cabinet.subscribers.login import urls as login
from cabinet.subscribers.recovery import urls as recovery
from cabinet.subscribers.registration import urls as registration
from cabinet.subscribers.settings import urls as settings

app_name = "subscribers"
urlpatterns = [
    path("", include(login)),
    path("", include(registration)),
    path("", include(consents)),
    path("", include(recovery)),
    path("", include(settings)),
    path("", include(handoff)),
]
