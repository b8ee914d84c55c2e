"""Names that have moved to the kit and the readers, for the modules that still import them from here."""

from rates.providers.kit import cookies
from rates.readers import rows_below as below
from rates.readers import whole_page as whole

__all__ = ["below", "cookies", "whole"]
