from tests.support.provider import books as books
