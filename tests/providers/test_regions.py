"""Where a country lies."""

from __future__ import annotations

from rates import providers
from rates.providers import regions


def test_regions() -> None:
    """A country has its region and sub-region; all countries of our publishers have one."""
    assert regions.place("PL") == ("Europe", "Eastern Europe")
    assert regions.place("") == ("", "")
    countries = {providers.load(key).PROVIDER.country for key in providers.own_keys()} - {""}
    assert all(regions.place(country)[0] for country in countries)
    assert {region for region, _ in regions.places().values()} == set(regions.REGIONS)
    assert len(regions.places()) == 250  # those of M49 without Antarctica, and the three that are added
