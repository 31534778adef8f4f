"""Kinds of appeals and canned answers in the admin of a company."""

from typing import Any

from django.contrib.admin import display
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
)
from wagtail_modeladmin.helpers import ButtonHelper

from cabinet.appeals.kinds.checks import KindForm
from cabinet.appeals.kinds.preview import kind_preview, kind_preview_unsaved
from cabinet.appeals.models import AppealKind, CannedAnswer
from portal.desk.modeladmin import CompanyAdmin, in_words

QUESTIONS_AT_MOST, FIELDS_AT_MOST = 50, 20


class KindButtons(ButtonHelper):
    """The buttons of a row, and one more that shows the subscriber's form."""

    def get_buttons_for_obj(self, obj: Any, *args: Any, **kwargs: Any) -> list[dict[str, Any]]:
        own: list[dict[str, Any]] = super().get_buttons_for_obj(obj, *args, **kwargs)
        added = kwargs.get("classnames_add") or []
        preview = {
            "url": reverse("appeal_kind_preview", args=[obj.pk]),
            "label": _("Показать"),
            "classname": self.finalise_classname(["button-secondary", *added]),
            "title": _("Показать форму, какой её видит абонент"),
        }
        return [*own[:1], preview, *own[1:]]


class AppealKindAdmin(CompanyAdmin):
    model = AppealKind
    menu_label = _("Виды обращений")
    menu_icon = "form"
    add_to_settings_menu = True
    button_helper_class = KindButtons
    list_display = ("name", "offered", "answered_within", "centre", "order")
    list_select_related = ("centre",)
    empty_value_display = _("центр лицевого счёта")
    list_filter = ("is_offered",)
    search_fields = ("name",)
    ordering = ("order", "name")
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("name"), FieldPanel("order")]),
            FieldPanel("is_offered"),
            FieldPanel("hint"),
            InlinePanel(
                "questions",
                [FieldPanel("text"), FieldPanel("hint")],
                heading=_("Вопросы"),
                label=_("вопрос"),
                max_num=QUESTIONS_AT_MOST,
                help_text=_("Абонент выбирает один. Без вопросов списка в форме не будет."),
            ),
            InlinePanel(
                "fields",
                [
                    FieldRowPanel([FieldPanel("label"), FieldPanel("type")]),
                    FieldPanel("choices"),
                    FieldPanel("hint"),
                    FieldPanel("is_required"),
                ],
                heading=_("Поля"),
                label=_("поле"),
                max_num=FIELDS_AT_MOST,
                help_text=_(
                    "Контактное лицо, адрес электронной почты, телефон и текст обращения есть в каждой "
                    "форме — добавлять их не нужно."
                ),
            ),
            MultiFieldPanel([FieldPanel("files"), FieldPanel("files_hint")], _("Файлы")),
            MultiFieldPanel(
                [
                    FieldPanel("centre"),
                    HelpPanel(
                        _(
                            "Рабочие часы и дни считаем по часам работы центра, который отвечает. Пока "
                            "ждём ответа абонента, срок не идёт."
                        )
                    ),
                    FieldRowPanel([FieldPanel("term"), FieldPanel("term_unit")]),
                ],
                _("Кто отвечает и когда"),
            ),
        ],
        base_form_class=KindForm,
    )

    @display(description=_("предлагать абонентам"), ordering="is_offered")
    def offered(self, kind: Any) -> str:
        return in_words(kind.is_offered)

    @display(description=_("ответ в течение"), ordering="term")
    def answered_within(self, kind: Any) -> str:
        return str(kind.term_in_words)

    def more_urls(self) -> tuple[URLPattern, ...]:
        address = "appeals/appealkind/preview/"
        return (
            path(address, kind_preview_unsaved, name="appeal_kind_preview_new"),
            path(f"{address}<int:pk>/", kind_preview, name="appeal_kind_preview"),
            path(
                f"{address}<int:pk>/unsaved/",
                kind_preview_unsaved,
                name="appeal_kind_preview_unsaved",
            ),
        )


class CannedAnswerAdmin(CompanyAdmin):
    model = CannedAnswer
    menu_label = _("Готовые ответы")
    menu_icon = "openquote"
    add_to_settings_menu = True
    list_display = ("title", "kind", "beginning")
    list_select_related = ("kind",)
    empty_value_display = _("для всех")
    search_fields = ("title", "text", "kind__name")
    panels = [
        FieldPanel("title", help_text=_("Под этим названием ответ видят операторы.")),
        FieldPanel("kind"),
        FieldPanel("text", help_text=_("Оператор вставит этот текст и сможет его изменить.")),
    ]

    @display(description=_("текст"))
    def beginning(self, answer: Any) -> str:
        return f"{answer.text[:80]}…" if len(answer.text) > 80 else answer.text
