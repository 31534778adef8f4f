"""Pages of the central office. Registered in tenants.admin, which makes each 404 on a company's host."""
