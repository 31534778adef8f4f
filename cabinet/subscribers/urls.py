from django.urls import include, path

from cabinet.subscribers.login import views as login
from cabinet.subscribers.registration import urls as registration

app_name = "subscribers"
urlpatterns = [
    path("", login.entry, name="entry"),
    path("login/", login.login, name="login"),
    path("logout/", login.logout, name="logout"),
    path("", include(registration)),
]
