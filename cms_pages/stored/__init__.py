"""Pages and parts of pages that are drawn once for many visitors."""
