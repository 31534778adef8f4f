from django.urls import path

from cabinet.appeals.centre import views as centre
from cabinet.appeals.history import views as history

app_name = "appeals"
urlpatterns = [
    path("cabinet/<uuid:link_id>/service-centre/", centre.centre, name="centre"),
    path("cabinet/<uuid:link_id>/service-centre/appeals/", history.listed, name="list"),
    path("cabinet/appeals/", history.mine, name="mine"),
    path("cabinet/appeals/<int:number>/", history.appeal, name="appeal"),
    path("cabinet/appeals/<int:number>/rate/", history.rate, name="rate"),
    path("cabinet/appeals/<int:number>/withdraw/", history.withdraw, name="withdraw"),
    path("cabinet/appeals/<int:number>/files/<uuid:pk>/", history.file, name="file"),
]
