"""The base of staff desks: rights, hosts, lists, object pages and actions inside Wagtail's admin."""
