from django.urls import path

from cabinet.subscribers.consents import views

urlpatterns = [
    path("documents/<slug:kind>/", views.document, name="document"),
    path("settings/consents/renewal/", views.renewal, name="consents_renewal"),
]
