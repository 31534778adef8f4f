"""Work in fresh processes. A forked one would share this one's database connection.

A fresh process imports this module before Django is set up, so nothing here imports a model.
"""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import Any

import django
from django.db import connection, connections
from django.utils.module_loading import import_string


def in_children(function: str, arguments: list[str], *, processes: int) -> Iterator[Any]:
    """Call `function`, named by its dotted path, for each argument; yield results as they come."""
    if not arguments:
        return
    with ProcessPoolExecutor(
        min(processes, len(arguments)),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_set_up,
        initargs=(connection.settings_dict["NAME"],),
    ) as pool:
        for done in as_completed([pool.submit(_call, function, one) for one in arguments]):
            yield done.result()


def _set_up(database_name: str) -> None:
    django.setup()
    connections["default"].settings_dict["NAME"] = database_name


def _call(function: str, argument: str) -> Any:
    try:
        return import_string(function)(argument)
    finally:
        connections.close_all()
