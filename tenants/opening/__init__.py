"""A company in preparation: what it still lacks, and its opening for subscribers."""
