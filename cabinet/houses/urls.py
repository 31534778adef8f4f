app_name = "houses"
urlpatterns: list[object] = []
