"""What the site has beside its pages."""

from django.urls import path
from wagtail.contrib.sitemaps.views import sitemap

from cms_pages import views_site

urlpatterns = [
    path("search/", views_site.search, name="site_search"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("robots.txt", views_site.robots, name="robots"),
    path("media/images/<path:name>", views_site.image, name="image"),
]
