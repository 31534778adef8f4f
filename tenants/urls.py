"""Addresses on companies' hosts by which a central admin enters."""

from django.urls import path

from tenants.central_admin import entering

app_name = "entering"
urlpatterns = [
    path("central-entry/", entering.nonce, name="start"),
    path("central-entry/company/", entering.company, name="company"),
    path("central-entry/finish/", entering.finish, name="finish"),
]
