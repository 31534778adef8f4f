"""What a new company begins with."""

import pytest
from django_tenants.utils import schema_context

from cabinet.appeals.kinds.defaults import kinds_create
from cabinet.appeals.kinds.forms import AppealForm
from cabinet.appeals.kinds.selectors import kinds_offered
from cabinet.appeals.models import AppealKind
from tenants.models import GasCompany


@pytest.mark.parametrize("kind", GasCompany.Kind)
def test_a_new_company_has_kinds_to_choose_from(pskov, kind):
    with schema_context("pskov"):
        assert kinds_offered(), "provisioning has made some"
        AppealKind.objects.all().delete()
        kinds_create(GasCompany(kind=kind))
        for row in kinds_offered():
            row.full_clean()
            for child in (*row.questions.all(), *row.fields.all()):
                child.full_clean()
            assert AppealForm(row).as_div()
        assert str(kinds_offered()[-1]) == "Другой вопрос"
