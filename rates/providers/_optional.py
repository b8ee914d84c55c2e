"""Names that have moved to the readers, for the modules that still import them from here."""

from rates.readers import pdf_text, xls_sheets

__all__ = ["pdf_text", "xls_sheets"]
