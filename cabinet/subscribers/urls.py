from django.urls import path

from cabinet.subscribers import views

app_name = "subscribers"
urlpatterns = [
    path("", views.entry, name="entry"),
    path("login/", views.login, name="login"),
    path("register/", views.register, name="register"),
    path("register/resend/", views.resend, name="resend"),
    path("confirm/<str:link>/", views.confirm, name="confirm"),
    path("logout/", views.logout, name="logout"),
]
