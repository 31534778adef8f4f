from django.apps import AppConfig


class SubscribersConfig(AppConfig):
    name = "cabinet.subscribers"
    verbose_name = "Абоненты"

    def ready(self) -> None:
        from cabinet.subscribers.personal_data.jobs import job_steps_again
        from cabinet.subscribers.personal_data.own_parts import PARTS
        from cabinet.subscribers.personal_data.parts import parts_register
        from cabinet.subscribers.selectors import accounts_found, subscribers_linked
        from tenants.events import company_changed
        from tenants.fleet import Counter, counter_register
        from tenants.office.search import office_search_add

        counter_register(
            Counter("subscribers", "Абонентов в кабинете", subscribers_linked, order=20, chart=True)
        )
        company_changed.connect(job_steps_again, dispatch_uid="job steps of a restored company")
        parts_register(*PARTS)
        office_search_add(accounts_found)
