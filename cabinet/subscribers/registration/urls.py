from django.urls import path

from cabinet.subscribers.registration import views

urlpatterns = [
    path("register/", views.register, name="register"),
    path("register/resend/", views.resend, name="resend"),
    path("confirm/<str:link>/", views.confirm, name="confirm"),
]
