"""Opening a company in the background, with steps that can be watched."""
