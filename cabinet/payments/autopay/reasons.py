"""Why an autopay has ended, in plain words."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Off(TextChoices):
    """`off_reason` of an autopay, as its page and the letter say it."""

    PERSON = "person", _("Вы отключили автоплатёж.")
    UNLINKED = "unlinked", _("Лицевого счёта больше нет в вашем личном кабинете.")
    NEW_OWNER = "new_owner", _("У лицевого счёта изменилась фамилия владельца.")
    CLOSED = "closed", _("Лицевой счёт закрыт.")
    COMPANY = "company", _("Компания больше не принимает платежи в личном кабинете.")
    DELETED = "deleted", _("Вы удаляете личный кабинет.")
    DECLINED = "declined", _("Банк больше не разрешает списывать деньги этим способом.")
    CANCELED = "canceled", _("Платёж 1 ₽ не прошёл, поэтому автоплатёж не подключён.")
    NOT_SAVED = "not_saved", _("Банк не разрешил сохранить карту, поэтому автоплатёж не подключён.")

    @classmethod
    def of_saving(cls) -> tuple["Off", ...]:
        """Return the reasons for which an autopay does not begin."""
        return cls.CANCELED, cls.NOT_SAVED
