from __future__ import annotations

from rates.consensus import opinion_groups
from rates.present.consensus import show_consensus, show_summaries

from .samples import SETTINGS, TODAY, provider, table

KEYS = ("ecb", "bank_of_a_long_name", "hnb", "nbp", "bank_of_another_long_name")
FACTS = {key: provider(key) for key in KEYS}
GROUPS = opinion_groups([table("EUR", key=key, older=("USD",) if key == "nbp" else ()) for key in KEYS], "USD", FACTS)


def test_a_narrow_terminal() -> None:
    """Keys and remarks are cut; rates, days and distances stay, and every opinion is one line."""
    assert (
        show_consensus(GROUPS, SETTINGS, today=TODAY, width=60)
        == """\
1 EUR in USD · official rates · 2026-10-30 (24 days old)

publisher       rate  day         deviation
------------  ------  ----------  ---------  ---------------
ecb           1.1172  2026-10-30    0.000 %
bank_of_a_l…  1.1172  2026-10-30    0.000 %  the figure of…
hnb           1.1172  2026-10-30    0.000 %  the figure of…
nbp           1.1172  2026-10-28    –        of 2026-10-28
bank_of_ano…  1.1172  2026-10-30    0.000 %  the figure of…

median 1.1172 of 1 source, spread 0.000 %
too few sources to find outliers (4 are needed)"""
    )
    assert show_consensus(GROUPS, SETTINGS, today=TODAY, width=200) == show_consensus(GROUPS, SETTINGS, today=TODAY)


def test_summaries_on_a_narrow_terminal() -> None:
    """The count of sources goes first, then the day; the median and the outliers stay."""
    headings = [show_summaries(GROUPS, SETTINGS, width=width).splitlines()[0].split() for width in (100, 70, 60)]
    assert headings == [
        ["pair", "kind", "day", "median", "sources", "spread", "outliers"],
        ["pair", "kind", "day", "median", "spread", "outliers"],
        ["pair", "kind", "median", "spread", "outliers"],
    ]
