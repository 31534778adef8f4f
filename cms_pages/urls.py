"""Addresses of a site beside its pages."""

from django.urls import path
from wagtail.contrib.sitemaps.views import sitemap

from cms_pages import views

urlpatterns = [
    path("documents/versions/<int:page_id>.pdf", views.legal_pdf, name="legal_pdf"),
    path("search/", views.search, name="site_search"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path("media/images/<path:name>", views.image, name="image"),
]
