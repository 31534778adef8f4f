from django.apps import AppConfig


class HousesConfig(AppConfig):
    name = "cabinet.houses"
    verbose_name = "Дома и капитальный ремонт"
