from django.urls import include, path

from cabinet.subscribers.consents import urls as consents
from cabinet.subscribers.login import urls as login
from cabinet.subscribers.registration import urls as registration

app_name = "subscribers"
urlpatterns = [
    path("", include(login)),
    path("", include(registration)),
    path("", include(consents)),
]
