from django.urls import path

from cabinet.billing import views

app_name = "billing"
urlpatterns = [
    path("<uuid:link_id>/sum-due/", views.sum_due_now, name="sum_due_now"),
]
