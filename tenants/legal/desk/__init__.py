"""The central office's pages of the law: rules, their records, and changes to propose."""
