from django.urls import path

from cabinet.subscribers.handoff import views

urlpatterns = [
    path("go/<uuid:wanted>/", views.start, name="handoff_start"),
    path("go/<uuid:wanted>/issue/", views.issue, name="handoff_issue"),
    path("go/finish/", views.finish, name="handoff_finish"),
]
