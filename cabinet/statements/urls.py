app_name = "statements"
urlpatterns: list[object] = []
