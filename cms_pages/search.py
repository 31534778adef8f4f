"""Search in Russian: ё is е, words in any form are found, and beginnings of words while typing.

PostgreSQL's configuration `russian` takes endings off; `simple` keeps words as they are, which a word that
is typed half needs, because «показани» and «показания» may lose different endings.
"""

import re
from functools import reduce
from operator import add, and_, or_
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Replace
from modelsearch.backends.database.postgres import postgres
from modelsearch.backends.database.postgres.query import Lexeme
from modelsearch.query import PlainText

CONFIGS = ("simple", "russian")


def without_yo(text: str) -> str:
    """Return the text with е for ё, as most people type."""
    return text.replace("ё", "е").replace("Ё", "Е")


class _Indexer(postgres.ObjectIndexer):
    """Writes without ё, and what is found while typing in both configurations."""

    def prepare_value(self, value: Any) -> str:
        return without_yo(super().prepare_value(value))

    def as_vector(self, texts: Any, for_autocomplete: bool = False) -> Any:
        texts = list(texts)
        vector = super().as_vector(texts, for_autocomplete)
        return vector + super().as_vector(texts) if for_autocomplete and texts else vector


# The index makes its indexers by this name.
postgres.ObjectIndexer = _Indexer


class _SearchCompiler(postgres.PostgresSearchQueryCompiler):
    def get_fields_vectors(self, search_query: Any) -> list[tuple[Any, float]]:
        return [
            (_vector(name, [search_query.config]), field.boost)
            for name, field in self.search_fields.items()
        ]


class _TypingCompiler(postgres.PostgresAutocompleteQueryCompiler):
    def build_tsquery_content(self, query: Any, config: Any = None, invert: bool = False) -> Any:
        if not isinstance(query, PlainText) or invert:
            return super().build_tsquery_content(query, config, invert)
        words = [word for word in re.split(r"[\s\-]+", query.query_string) if word]
        if not words:
            return None
        found = [_typed(word, is_last=word is words[-1]) for word in words]
        return reduce(and_ if query.operator == "and" else or_, found)

    def get_fields_vectors(self, search_query: Any) -> list[tuple[Any, float]]:
        return [(_vector(name, CONFIGS), 1.0) for name in self.search_fields]


def _typed(word: str, *, is_last: bool) -> Any:
    """Return a query for the word as it is or in another form; the last one may be half typed."""
    lexeme = Lexeme(word, prefix=is_last)
    return reduce(or_, [SearchQuery(lexeme, search_type="raw", config=one) for one in CONFIGS])


def _vector(name: str, configs: Any) -> Any:
    text: Any = Cast(name, CharField())
    for yo, ye in ("ёе", "ЁЕ"):
        text = Replace(text, Value(yo), Value(ye))
    vectors: list[Any] = [SearchVector(text, config=one) for one in configs]
    return reduce(add, vectors)


class SearchBackend(postgres.PostgresSearchBackend):
    query_compiler_class = _SearchCompiler
    autocomplete_query_compiler_class = _TypingCompiler

    def _search(self, query_compiler_class: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(query, str):
            query = without_yo(query)
        return super()._search(query_compiler_class, query, *args, **kwargs)
