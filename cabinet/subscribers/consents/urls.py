from django.urls import path

from cabinet.subscribers.consents import views

urlpatterns = [path("documents/<slug:kind>/", views.document, name="document")]
