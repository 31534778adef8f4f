"""Files from people: checked by content, stored for their company, served by views, deleted."""
