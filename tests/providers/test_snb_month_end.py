"""Another cube of the Swiss National Bank: the case for the tests of all providers; see test_snb."""

from __future__ import annotations

from tests.providers.conversation import case

CASE = case("snb_month_end", "CHF", "0.94113", "months.json")
