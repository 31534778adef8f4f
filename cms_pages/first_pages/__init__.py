"""What a new company finds on its site on its first day: pages, and drafts of its legal documents."""
