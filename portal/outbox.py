"""The old place of `enqueue_on_commit`."""

from portal.jobs import enqueue_on_commit

__all__ = ["enqueue_on_commit"]
