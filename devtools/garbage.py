"""Python's search for garbage, in processes that make and drop classes by the thousand: migrations do."""

import gc


def search_seldom() -> None:
    """Look for garbage seldom, and never among what is there now: it takes a third of migrating else."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
