"""Names that have moved to the kit and the readers, for the modules that still import them from here."""

from rates.providers.kit import spans
from rates.readers import excerpt as said

__all__ = ["said", "spans"]
