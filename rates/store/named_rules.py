"""The rules of tax and customs law for converting an amount: whose rate, of which day, rounded how. Pure.

`named("eu-oss")` gives a rule, `RULES` has all. A rule goes by a time: a day, or the month, quarter or year that has
it. `NamedRule.day` is the day to look up for a time, and `when` says which rate answers if that day has none.

Left out, since not certain or not published:

- An official yearly average of the Internal Revenue Service: there is none. irs-average takes the mean of a calendar
  year of the publisher that is named; the choice of it, and its use year after year, are the taxpayer's.
- Under pl-vat, for a currency of table B of the National Bank of Poland, which comes on Wednesdays: whether more than
  the newest table before the day is asked for. That one is taken, up to a week old.
- The customs value in member states without the euro: each names its own publisher (Article 146(1)(b)).
- Days before the law that is named, or before the form of it that was read: `since`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP

from rates import providers
from rates.errors import NoRates, UsageError, quoted, suggest
from rates.providers.kit import penultimate
from rates.settings.days import EARLIEST, Span, span
from rates.store.calendars import newest_day
from rates.store.periods import Every
from rates.store.records import Rate, Rounding, Rule, When

DAY = timedelta(days=1)
WEDNESDAY = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRule:
    """A rule of law, by its name.

    about: what it is for. publisher: the key of the provider; "" if the user names it. into: the currency that it
    converts into; "" for any. unit: the time it goes by. day: the day to look up for a time, which is a day or such a
    unit. uses: which rate it takes, with {time} and {publisher}. mean: True if it takes the mean of all rates of the
    time. begins: True if a period must begin on the day. since: its first day. law: where it stands. source: an address
    to read it at. note: what else its user must know.
    """

    name: str
    about: str
    uses: str
    law: str
    source: str
    publisher: str = ""
    into: str = ""
    unit: Every = Every.DAY
    day: Callable[[Span], date]
    when: When = When.EXACT
    max_age: int | None = 7
    mean: bool = False
    begins: bool = False
    rounding: Rounding | None = None
    since: date = EARLIEST
    note: str = ""

    @property
    def lookup(self) -> Rule:
        """The rule for days without a rate."""
        return Rule(self.when, self.max_age)

    def time(self, given: Span) -> str:
        """The day, or the month, quarter or year that has it, as a person reads it."""
        return f"{given.first:%B %Y}" if self.unit is Every.MONTH else self.unit.label(given.first)

    def sentence(self, time: str, publisher: str, used: str = "") -> str:
        """What is applied, and where the rule stands. publisher: its key. used: the days of the rates, if known."""
        uses = self.uses.format(time=time, publisher=publisher)
        return f"rule {self.name}: {uses}{f' ({used})' if used else ''}; {self.law}"


# --- the day to look up, of a day or of the rule's unit of time ------------------------------------------------------


def first_day(given: Span) -> date:
    """The first day of the time; a day itself."""
    return given.first


def last_of_month(given: Span) -> date:
    """The last day of the month."""
    return span(Every.MONTH.label(given.first)).last


def last_of_quarter(given: Span) -> date:
    """The last day of the quarter."""
    return span(Every.QUARTER.label(given.first)).last


def last_of_year(given: Span) -> date:
    """31 December of the year."""
    return date(given.first.year, 12, 31)


def wednesday_before(given: Span) -> date:
    """The penultimate Wednesday of the month before."""
    return penultimate(WEDNESDAY, given.first.replace(day=1) - DAY)


_AMENDED = (
    "HMRC may amend a rate within the month, where the market moves by 5 %: a day then has the rate of that day, a "
    "period that of its first. Amendments of before 2021 are not read."
)
_ALL = (
    NamedRule(
        name="uk-vat",
        about="British VAT, by HMRC's monthly rates",
        publisher="hmrc",
        into="GBP",
        unit=Every.MONTH,
        day=first_day,
        uses="HMRC's monthly rate in force in {time}",
        law="VAT Act 1994, Schedule 6, paragraph 11; VAT Notice 700, section 7.7",
        source="https://www.gov.uk/guidance/vat-tertiary-legislation/valuation",
        note="It is an option in place of the market selling rate. Once chosen, it is kept, unless HMRC agrees. "
        + _AMENDED,
    ),
    NamedRule(
        name="uk-customs",
        about="British customs value",
        publisher="hmrc",
        into="GBP",
        unit=Every.MONTH,
        day=first_day,
        uses="HMRC's monthly rate in force in {time}",
        law="Taxation (Cross-border Trade) Act 2018, section 18; HMRC's notice on exchange rates",
        source="https://www.gov.uk/guidance/customs-valuation/exchange-rates",
        since=date(2021, 1, 1),
        note="The day is that on which the declaration is accepted. A rate fixed in the contract comes first. "
        + _AMENDED,
    ),
    NamedRule(
        name="eu-oss",
        about="EU one-stop-shop VAT returns",
        publisher="ecb",
        unit=Every.QUARTER,
        day=last_of_quarter,
        when=When.NEXT,
        uses="the ECB's reference rate of the last day of {time}, or else of the next publication",
        law="Directive 2006/112/EC, Articles 366 and 369h",
        source="https://eur-lex.europa.eu/eli/dir/2006/112/oj",
        since=date(2015, 1, 1),
        note="For the Union and the non-Union scheme. The return is in euro, or in the member state's own currency.",
    ),
    NamedRule(
        name="eu-ioss",
        about="EU import one-stop-shop VAT returns",
        publisher="ecb",
        unit=Every.MONTH,
        day=last_of_month,
        when=When.NEXT,
        uses="the ECB's reference rate of the last day of {time}, or else of the next publication",
        law="Directive 2006/112/EC, Article 369u",
        source="https://eur-lex.europa.eu/eli/dir/2006/112/oj",
        since=date(2021, 7, 1),
        note="The return is in euro; a member state without the euro may want its own currency.",
    ),
    NamedRule(
        name="eu-customs",
        about="Customs value in the euro area",
        publisher="ecb",
        into="EUR",
        unit=Every.MONTH,
        day=wednesday_before,
        when=When.PREVIOUS,
        uses="the ECB's reference rate of the penultimate Wednesday before {time}, or the latest before it",
        law="Implementing Regulation (EU) 2015/2447, Article 146",
        source="https://eur-lex.europa.eu/eli/reg_impl/2015/2447/oj",
        since=date(2016, 5, 1),
    ),
    NamedRule(
        name="de-vat",
        about="German VAT, by monthly means",
        publisher="bmf",
        into="EUR",
        unit=Every.MONTH,
        day=first_day,
        uses="the BMF's monthly mean rate of {time}",
        law="German VAT Act (UStG), section 16(6)",
        source="https://www.gesetze-im-internet.de/ustg_1980/__16.html",
        since=date(2010, 1, 1),
        note="The month is that of the supply, or of the payment if it comes before or if tax is due on payment. The "
        "month before and daily rates need a permission; one-stop-shop returns go by eu-oss.",
    ),
    NamedRule(
        name="ch-vat-daily",
        about="Swiss VAT, by daily rates",
        publisher="bazg",
        into="CHF",
        day=first_day,
        uses="the BAZG's daily selling rate that is valid on {time}",
        law="Swiss VAT ordinance (MWSTV), Article 45(3)",
        source="https://www.fedlex.admin.ch/eli/cc/2009/828/de#art_45",
        since=date(2010, 1, 1),
        note="The day is the one on which the tax becomes due. The method is kept for at least one tax period (45(5)). "
        "A currency without such a rate goes by a Swiss bank's selling rate (45(3bis)).",
    ),
    NamedRule(
        name="ch-vat-monthly",
        about="Swiss VAT, by monthly means",
        publisher="estv",
        into="CHF",
        unit=Every.MONTH,
        day=first_day,
        uses="the ESTV's monthly mean rate for {time}",
        law="Swiss VAT ordinance (MWSTV), Article 45(3)",
        source="https://www.fedlex.admin.ch/eli/cc/2009/828/de#art_45",
        since=date(2010, 1, 1),
        note="The day is the one on which the tax becomes due. The method is kept for at least one tax period (45(5)). "
        "A currency without such a rate goes by a Swiss bank's selling rate (45(3bis)).",
    ),
    NamedRule(
        name="us-fbar",
        about="US report of foreign accounts",
        publisher="ust",
        into="USD",
        unit=Every.YEAR,
        day=last_of_year,
        begins=True,
        uses="the US Treasury's reporting rate of the last day of {time}",
        law="FinCEN form 114, reporting maximum account value",
        source="https://www.fincen.gov/reporting-maximum-account-value",
        rounding=Rounding(0, ROUND_CEILING, "up to the next whole dollar"),
        note="Convert the highest value of the year in the account's own currency; a negative value is entered as 0. "
        "A currency that the Treasury lacks goes by another rate that can be verified; name its source.",
    ),
    NamedRule(
        name="us-8938",
        about="US statement of foreign assets",
        publisher="ust",
        into="USD",
        unit=Every.YEAR,
        day=last_of_year,
        begins=True,
        uses="the US Treasury's reporting rate of the last day of {time}",
        law="IRS form 8938, instructions: reporting maximum value",
        source="https://www.irs.gov/instructions/i8938",
        note="For a tax year that is the calendar year; also for an asset that was sold before its last day.",
    ),
    NamedRule(
        name="pl-vat",
        about="Polish VAT",
        publisher="nbp",
        into="PLN",
        day=first_day,
        when=When.BEFORE,
        uses="the NBP's middle rate of the last working day before {time}",
        law="Polish VAT Act of 11 March 2004, Article 31a(1)",
        source="https://isap.sejm.gov.pl/isap.nsf/DocDetails.xsp?id=WDU20040540535",
        rounding=Rounding(2, ROUND_HALF_UP, "to the grosz, half-up"),
        since=date(2014, 1, 1),
        note="The day is that of the tax point, or that of the invoice if it is issued before (Article 31a(2)). The "
        "taxpayer may take the ECB's rate or the rules of income tax in place of it (31a(1) and (2a)). Amounts of an "
        "invoice are rounded so (106e(11)). Currencies of table B, of Wednesdays, have the newest table before.",
    ),
    NamedRule(
        name="irs-average",
        about="US income tax, by a year's mean",
        into="USD",
        unit=Every.YEAR,
        day=last_of_year,
        mean=True,
        uses="the mean of {publisher}'s rates of {time}",
        law="the IRS has no official rate and accepts one that is used consistently",
        source="https://www.irs.gov/individuals/international-taxpayers/yearly-average-currency-exchange-rates",
        note="Name the publisher with --provider, and keep to it. Each rate is dollars for one unit of the currency.",
    ),
)
RULES = {rule.name: rule for rule in _ALL}


def named(name: object) -> NamedRule:
    """The rule of that name, in any case; `UsageError` with the nearest name for an unknown one."""
    key = name.strip().lower() if isinstance(name, str) else ""
    if key not in RULES:
        raise UsageError(f"unknown rule {quoted(name)}", hint=suggest(key, RULES, f"rules are {', '.join(RULES)}"))
    return RULES[key]


def day_of(rule: NamedRule, given: Span, today: date) -> date:
    """The day to look up for a time, which is a day, or a unit of the length that the rule goes by.

    `UsageError` for another length, and for a time before the rule; `NoRates` if the rate is yet to be published.
    """
    if given.unit not in ("day", rule.unit):
        hint = f"give a day, or a {rule.unit}" if rule.unit is not Every.DAY else "give one day"
        raise UsageError(f"the rule {rule.name} goes by the {rule.unit}, not by the {given.unit}", hint=hint)
    if given.first < rule.since:
        raise UsageError(f"the rule {rule.name} is for days since {rule.since}, not for {given.first}")
    day = rule.day(given)
    due = _due(rule, day)
    if day > _newest(rule, today) and (due is None or due > today):
        when = f"before {day}" if rule.when is When.BEFORE else f"of {day}"
        detail = f"the rule {rule.name} takes for {rule.time(given)} a rate {when}, which is not published yet"
        raise NoRates(detail, hint=f"today is {today}" if due is None else f"it is due on {due}")
    return day


def _newest(rule: NamedRule, today: date) -> date:
    """The newest day that may be looked up; of a mean, the year must have ended."""
    if rule.mean:
        return today - DAY
    if rule.when is not When.EXACT:
        return today
    return newest_day(providers.load(rule.publisher).PROVIDER, today)


def _due(rule: NamedRule, day: date) -> date | None:
    """When the publisher publishes the rates that hold on a day, if its provider knows it."""
    due: Callable[[date], date] | None = (
        getattr(providers.load(rule.publisher), "due", None) if rule.publisher else None
    )
    return due(day.replace(day=1) if rule.unit is Every.MONTH else day) if due is not None else None


def checked_into(rule: NamedRule, symbol: str) -> None:
    """`UsageError` if the rule converts into another currency."""
    if rule.into and symbol != rule.into:
        raise UsageError(f"the rule {rule.name} converts into {rule.into}, not into {symbol}")


def checked(rule: NamedRule, rate: Rate, today: date) -> Rate:
    """The rate; `NoRates` if a better one may be published later today, or if it is not of the day that must be."""
    late = rule.when is When.PREVIOUS and rate.asked >= today and rate.day < rate.asked
    of_another = rule.begins and rate.provider and rate.day != rate.asked
    if late or of_another:
        hint = f"the newest is of {rate.day}"
        raise NoRates(f"has no {rate.base}/{rate.symbol} of {rate.asked} yet", provider=rate.provider, hint=hint)
    return rate
