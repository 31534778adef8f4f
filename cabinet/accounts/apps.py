from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "cabinet.accounts"
    verbose_name = "Лицевые счета"

    def ready(self) -> None:
        from cabinet.accounts.applications.desk import DECIDE as APPLICATIONS
        from cabinet.accounts.applications.desk import application_home_items
        from cabinet.accounts.applications.services import application_address
        from cabinet.accounts.delegates.services import delegations_end_with_link
        from cabinet.accounts.links.desk import DECIDE as DISPUTES
        from cabinet.accounts.links.desk import dispute_home_items
        from cabinet.accounts.links.ending import link_ended
        from cabinet.accounts.personal_data import PARTS
        from cabinet.accounts.selectors import (
            account_said,
            accounts_of_centre,
            accounts_open,
            form_sender_of,
            subject_register,
        )
        from cabinet.subscribers.entry.registration import registration_asked
        from cabinet.subscribers.personal_data.parts import parts_register
        from cms_pages.centres.usage import centre_usage_add
        from cms_pages.pages.form_sender import sender_asked
        from portal.audit.actions import action_titles_add
        from portal.staff.admin_home_items import admin_home_items_add
        from portal.staff.roles import (
            COMPANY_ADMINISTRATORS,
            OPERATORS,
            role_permissions_add,
        )
        from tenants.fleet import Counter, counter_register

        role_permissions_add(COMPANY_ADMINISTRATORS, "accounts.change_registrationsettings")
        counter_register(Counter("accounts", "Лицевых счетов", accounts_open, order=10, chart=True))
        parts_register(*PARTS)
        sender_asked.connect(form_sender_of)
        subject_register("information", account_said)
        registration_asked.connect(application_address)
        role_permissions_add(OPERATORS, APPLICATIONS, DISPUTES)
        admin_home_items_add(application_home_items)
        admin_home_items_add(dispute_home_items)
        link_ended.connect(delegations_end_with_link)
        centre_usage_add(accounts_of_centre)
        action_titles_add(
            {
                "application.approve": "одобрил заявку на лицевой счёт",
                "application.refuse": "отклонил заявку на лицевой счёт",
                "application.correct": "выбрал верный лицевой счёт для заявки",
                "link.end": "отвязал лицевой счёт от кабинета абонента",
                "link.dispute.close": "ответил на обращение о привязке",
            }
        )
