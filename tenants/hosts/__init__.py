"""Whether a company's hosts answer: DNS, the certificate, and that it is this company."""
