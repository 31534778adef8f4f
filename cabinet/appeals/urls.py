from django.urls import path

from cabinet.appeals.centre import views as centre
from cabinet.appeals.history import views as history
from cabinet.appeals.page import views as page

_OF_LINK = "cabinet/<uuid:link_id>/service-centre/"
_ONE = "cabinet/appeals/<int:number>/"

app_name = "appeals"
urlpatterns = [
    path("who-answers/", centre.responsible, name="who_answers"),
    path(_OF_LINK, centre.centre, name="centre"),
    path(f"{_OF_LINK}appeals/", history.listed, name="list"),
    path("cabinet/appeals/", history.mine, name="mine"),
    path(_ONE, history.appeal, name="appeal"),
    path(f"{_ONE}rate/", history.rate, name="rate"),
    path(f"{_ONE}withdraw/", history.withdraw, name="withdraw"),
    path(f"{_ONE}files/<uuid:pk>/", history.file, name="file"),
    path(f"{_OF_LINK}appeals/new/", page.new, name="new"),
    path(f"{_OF_LINK}appeals/new/sent/<int:number>/", page.sent, name="sent"),
    path(f"{_OF_LINK}appeals/draft/", page.draft, name="draft"),
    path(
        f"{_OF_LINK}appeals/draft/<uuid:form_key>/delete/", page.draft_remove, name="draft_remove"
    ),
    path("cabinet/appeals/file/", page.file_new, name="file_new"),
]
