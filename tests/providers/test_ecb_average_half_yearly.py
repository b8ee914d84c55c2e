"""The ECB's averages of longer periods: the case for the tests of all providers; see test_ecb_average."""

from __future__ import annotations

from tests.providers.conversation import case

CASE = case("ecb_average_half_yearly", "EUR", "1.158231818181818", "averages.xml")
