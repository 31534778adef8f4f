from django.urls import path

from cabinet.subscribers.login import views

urlpatterns = [
    path("", views.entry, name="entry"),
    path("login/", views.login, name="login"),
    path("login/pass/<str:link>/", views.login_pass, name="login_pass"),
    path("logout/", views.logout, name="logout"),
]
