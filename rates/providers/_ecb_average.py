"""The averages of the European Central Bank's reference rates: one series of data for months, quarters and years."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers.kit import by_periods, get, periods
from rates.readers import Element, has_rows, per_unit, period, power_of_ten, xml

URL = "https://data-api.ecb.europa.eu/service/data/EXR/"
# How a period is written in a request, by its length in months.
FORMS = {1: "{0:%Y-%m}", 3: "{0.year}-Q{1}", 6: "{0.year}-S{1}", 12: "{0.year}"}
MISSING = ("H", "L", "M")  # states of an observation without a value: a holiday, not collected, missing


def steps(query: Query, facts: Provider, frequency: str, months: int) -> Steps:
    """One request for all periods that are touched; their averages come after their end."""

    def written(day: date) -> str:
        return FORMS[months].format(day, (day.month - 1) // months + 1)

    def ask(first: date, last: date) -> Request:
        span = {"startPeriod": written(first), "endPeriod": written(last)}
        return get(f"{URL}{frequency}..EUR.SP00.A", {**span, "format": "genericdata"}, allow=(404,))

    def due(first: date) -> date:
        _, end = next(periods(first, first, months))
        return end + timedelta(days=1)

    return by_periods(query, facts, ask, parse, months=months, due=due, ended=True, check=has_rows)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all series, each with its period; with all digits, which are more than the reference rates have."""
    root = xml(body)
    if root.tag.rpartition("}")[2] != "GenericData":
        raise ValueError(f"expected <GenericData>, got <{root.tag}>")
    for series in root.iterfind("{*}DataSet/{*}Series"):
        facts = values(series, "SeriesKey") | values(series, "Attributes")
        if (facts["CURRENCY_DENOM"], facts["EXR_TYPE"], facts["EXR_SUFFIX"]) != ("EUR", "SP00", "A"):
            raise ValueError(f"expected averages for one euro, got {facts}")
        for seen in series.iterfind("{*}Obs"):
            rate = _value(seen, "ObsValue")
            if rate != "NaN" or values(seen, "Attributes").get("OBS_STATUS") not in MISSING:
                units = power_of_ten(facts["UNIT_MULT"])
                yield Quote("EUR", facts["CURRENCY"], per_unit(rate, units), *period(_value(seen, "ObsDimension")))


def values(element: Element, name: str) -> dict[str, str]:
    """The values by their names below a child."""
    return {one.attrib["id"]: one.attrib["value"] for one in element.iterfind(f"{{*}}{name}/{{*}}Value")}


def _value(seen: Element, name: str) -> str:
    found = seen.find(f"{{*}}{name}")
    if found is None:
        raise ValueError(f"no <{name}> in an observation")
    return found.attrib["value"]
