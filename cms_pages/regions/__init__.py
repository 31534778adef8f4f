"""The base host's choice of region: by its name, its towns, or the company."""
