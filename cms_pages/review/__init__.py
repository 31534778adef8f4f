"""Review of what is no page: notices, service centres, the company's face and telephones."""
