"""Names that have moved to the readers, for the modules that still import them from here."""

from rates.readers import has_rows

__all__ = ["has_rows"]
