"""What visitors sent by a page with a form, as a table to take along."""

from typing import Any

from wagtail.contrib.forms.views import SubmissionsListView

from portal.formats.tables import harmless_cell, without_control


class AnswersListView(SubmissionsListView):
    """Anybody may have typed what is in the cells. Of XLSX Wagtail itself makes texts, not formulas."""

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        ready = super().preprocess_field_value(field, value, export_format)
        if not isinstance(ready, str):
            return ready
        is_csv = export_format == self.FORMAT_CSV
        return harmless_cell(ready) if is_csv else without_control(ready)
