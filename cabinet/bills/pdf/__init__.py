"""A bill on paper: what it says, by places of the page, and the page itself."""

from cabinet.bills.pdf.full import bill_pdf
from cabinet.bills.pdf.payment_code import payment_code_of

__all__ = ["bill_pdf", "payment_code_of"]
