from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "portal.staff"
    verbose_name = "Сотрудники"

    def ready(self) -> None:
        from portal.audit.actions import action_titles_add
        from portal.staff.admin_home_items import admin_home_items_add, staff_home_items
        from portal.staff.login import passwords  # noqa: F401

        admin_home_items_add(staff_home_items)

        action_titles_add(
            {
                "staff.invite": _("пригласил сотрудника"),
                "staff.invite_withdraw": _("отозвал приглашение"),
                "staff.accept": _("принял приглашение"),
                "staff.create": _("создал центрального администратора"),
                "staff.password": _("сменил пароль"),
                "staff.roles": _("изменил роли"),
                "staff.activate": _("включил сотрудника"),
                "staff.deactivate": _("отключил сотрудника"),
                "staff.session_end": _("завершил свой сеанс"),
                "staff.sessions_end": _("завершил сеансы"),
                "staff.second_factor_rules": _("изменил перечень ролей со вторым фактором"),
                "staff.second_factor_reset": _("сбросил второй фактор сотрудника"),
                "company.left": _("вернулся в центральный офис"),
                "second_factor.enrol": _("настроил второй фактор"),
                "second_factor.verify": _("подтвердил вход кодом"),
                "second_factor.recovery": _("вошёл по резервному коду"),
                "second_factor.failed": _("ввёл неверный код"),
                "second_factor.codes": _("получил новые резервные коды"),
            },
            of_nobody={
                "staff.create": _("создан центральный администратор"),
                "staff.password": _("сменён пароль"),
                "staff.second_factor_reset": _("сброшен второй фактор сотрудника"),
            },
        )
