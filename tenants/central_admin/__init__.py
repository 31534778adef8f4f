"""Pages of the central office; `admin.py` makes each of them 404 on companies' hosts."""
