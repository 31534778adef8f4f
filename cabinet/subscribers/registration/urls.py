from django.urls import path

from cabinet.subscribers.registration import views

urlpatterns = [
    path("register/", views.register, name="register"),
    path("register/resend/", views.resend, name="resend"),
    path("register/code/", views.confirm_code, name="confirm_code"),
    path("confirm/<str:link>/", views.confirm, name="confirm"),
]
