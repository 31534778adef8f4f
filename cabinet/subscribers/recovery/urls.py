from django.urls import path

from cabinet.subscribers.recovery import views

urlpatterns = [
    path("recover/", views.recover, name="recover"),
    path("recover/sent/", views.recover_sent, name="recover_sent"),
]
