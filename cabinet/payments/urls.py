from django.urls import path

from cabinet.payments.result import views as result

app_name = "payments"
urlpatterns = [
    path("payments/<str:return_key>/", result.result, name="result"),
]
