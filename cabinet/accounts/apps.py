from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "cabinet.accounts"
    verbose_name = "Лицевые счета"

    def ready(self) -> None:
        from cabinet.accounts.applications.services import application_address
        from cabinet.accounts.personal_data import PARTS
        from cabinet.accounts.selectors import accounts_open, form_sender_of
        from cabinet.subscribers.entry.registration import registration_asked
        from cabinet.subscribers.personal_data.parts import parts_register
        from cms_pages.pages.form_sender import sender_asked
        from portal.audit.actions import action_titles_add
        from portal.staff.roles import COMPANY_ADMINISTRATORS, role_permissions_add
        from tenants.fleet import Counter, counter_register

        role_permissions_add(COMPANY_ADMINISTRATORS, "accounts.change_registrationsettings")
        counter_register(Counter("accounts", "Лицевых счетов", accounts_open, order=10, chart=True))
        parts_register(*PARTS)
        sender_asked.connect(form_sender_of)
        registration_asked.connect(application_address)
        action_titles_add(
            {
                "link.end": "отвязал лицевой счёт от кабинета абонента",
                "link.dispute.close": "ответил на обращение о привязке",
            }
        )
