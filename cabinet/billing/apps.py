from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "cabinet.billing"
    verbose_name = "Начисления и баланс"

    def ready(self) -> None:
        from cabinet.accounts.frame import frame_part_register
        from cabinet.billing.frame import sum_due

        frame_part_register(sum_due)
