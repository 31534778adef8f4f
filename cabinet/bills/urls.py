from django.urls import path

from cabinet.bills import views

app_name = "bills"
urlpatterns = [
    path("<uuid:link_id>/bills/", views.bills, name="list"),
    path("<uuid:link_id>/bills/<str:month>/<int:number>/", views.bill, name="bill"),
    path("<uuid:link_id>/bills/<str:month>/<int:number>.pdf", views.bill_file, name="pdf"),
]
