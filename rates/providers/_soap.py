"""Names that have moved to the readers, for the modules that still import them from here."""

from rates.readers import soap_call as question
from rates.readers import soap_result as answer

__all__ = ["answer", "question"]
