"""The Bank of Canada's averages of years: the case for the tests of all providers; see test_boc_average."""

from __future__ import annotations

from tests.providers.conversation import case

CASE = case("boc_average_yearly", "CAD", "1.3698", "averages.csv")
