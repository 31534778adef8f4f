from tests.cabinet.bills.conftest import data_as_of as data_as_of
from tests.support.provider import books as books
