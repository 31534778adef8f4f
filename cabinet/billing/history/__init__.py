"""The section «Начисления и платежи»: charges by month, payments, search, files, a chart."""
