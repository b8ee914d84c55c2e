from __future__ import annotations

import json
import os
import threading
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from rates.errors import LockError
from rates.model import Quote
from rates.store.lock import LockFile, check_unmoved
from rates.store.records import Rate, Rule, Stored, When

SUNDAY, FRIDAY = date(2020, 3, 1), date(2020, 2, 28)
EUR_USD = Quote("EUR", "USD", Decimal("1.0977"), FRIDAY)
RULE = Rule()

INVERSE = Rate(
    "USD", "EUR", Decimal("0.9109957183201238954176915368"), SUNDAY, FRIDAY, None, "inverse", "ecb", 5,
    (EUR_USD,), None, "ab" * 32, "ecb-history", (Decimal(1), Decimal("1.0977")),
)  # fmt: skip
PERIOD = Rate(
    "GBP", "EUR", Decimal("1.1700"), SUNDAY, date(2020, 1, 1), date(2020, 6, 30), "own", "own", 28,
    (Quote("GBP", "EUR", Decimal("1.1700"), date(2020, 1, 1), date(2020, 6, 30)),), None, "cd" * 32, "own",
    (Decimal("1.1700"), Decimal(1)),
)  # fmt: skip
NETWORK = INVERSE._replace(
    base="DEM", provider="nbp", fetched=datetime(2026, 11, 23, 12, 0, 1, tzinfo=UTC), source="",
    rate=Decimal("0.5"), exact=(Decimal(1), Decimal(2)), ratios=("1 EUR = 1.95583 DEM",), instead_of=Decimal("0.51"),
)  # fmt: skip


class Listed:
    """A source with these figures."""

    def __init__(self, *figures: Stored) -> None:
        self.figures = figures

    def providers(self) -> Collection[str]:
        """The providers of the figures."""
        return {one.provider for one in self.figures}

    def between(self, provider: str, codes: Collection[str], first: date, last: date) -> Iterator[Stored]:
        """The figures that begin on these days."""
        for one in self.figures:
            pair = {one.quote.base, one.quote.symbol}
            if one.provider == provider and pair <= set(codes) and first <= one.quote.day <= last:
                yield one

    def nearest(self, provider: str, codes: Collection[str], day: date, *, later: bool) -> date | None:
        """Never asked."""
        raise AssertionError("a lock file needs no nearest day")


@pytest.fixture
def path(tmp_path: Path) -> str:
    """Where the lock file is to be."""
    return str(tmp_path / "rates.lock")


def saved(path: str, *rates: Rate, asked: date | None = SUNDAY, rule: Rule = RULE) -> LockFile:
    """The file after these rates were added and saved."""
    file = LockFile.read(path)
    for rate in rates:
        file.add(rate, asked, rule)
    file.save()
    return file


@pytest.mark.parametrize("rate", [INVERSE, PERIOD, NETWORK])
def test_a_rate_comes_back_whole(path: str, rate: Rate) -> None:
    """Every field of a rate is the same after reading the file, digit by digit."""
    saved(path, rate)
    back = LockFile.read(path, must_exist=True).find(rate.base, "EUR", SUNDAY, RULE, ("frankfurter", rate.provider))
    assert back == rate
    assert str(back) == str(rate)


def test_the_text(path: str) -> None:
    """A line a figure, sorted, with what was published and in which direction."""
    saved(path, PERIOD, INVERSE)
    first, *others = Path(path).read_text().splitlines()
    assert first == '{"rates_lock": 1}'
    entries = [json.loads(line) for line in others]
    assert [entry["base"] for entry in entries] == ["GBP", "USD"]
    assert entries[1] == {
        "asked": "2020-03-01", "base": "USD", "symbol": "EUR", "when": "previous", "provider": "ecb",
        "day": "2020-02-28", "how": "inverse", "rate": "0.9109957183201238954176915368", "fraction": ["1", "1.0977"],
        "digits": 5, "quotes": [{"base": "EUR", "symbol": "USD", "rate": "1.0977", "day": "2020-02-28"}],
        "digest": "ab" * 32, "source": "ecb-history",
    }  # fmt: skip


def test_what_is_merged(path: str) -> None:
    """Saving again adds to the file; the order of saving does not change it."""
    saved(path, INVERSE)
    saved(path, PERIOD)
    text = Path(path).read_text()
    Path(path).unlink()
    saved(path, PERIOD, INVERSE)
    saved(path, INVERSE)
    assert Path(path).read_text() == text


def test_each_question_has_its_entry(path: str) -> None:
    """Another day, rule or provider is another entry, and the latest rates are one each."""
    saved(path, INVERSE)
    saved(path, INVERSE._replace(rate=Decimal(1), exact=(Decimal(1), Decimal(1))), rule=Rule(When.NEXT))
    saved(path, INVERSE._replace(provider="nbp"))
    for day in (1, 2):
        saved(path, INVERSE._replace(asked=date(2026, 11, day), day=date(2026, 11, day)), asked=None)
    file = LockFile.read(path)
    assert len(file.known) == 4
    assert file.find("USD", "EUR", SUNDAY, RULE, ("nbp", "ecb")).provider == "nbp"
    assert file.find("USD", "EUR", SUNDAY, Rule(When.NEXT), ("ecb",)).rate == 1
    assert file.find("USD", "EUR", None, RULE, ("ecb",)).asked == date(2026, 11, 2)


@pytest.mark.parametrize(
    ("question", "message"),
    [
        (("USD", "JPY", SUNDAY, RULE, ("ecb",)), "has no USD/JPY for 2020-03-01 by --when previous; lock it with"),
        (("USD", "EUR", SUNDAY, Rule(When.NEXT), ("ecb",)), "by --when next; it has the pair for 2020-03-01 by prev"),
        (("USD", "EUR", SUNDAY, RULE, ("nbp",)), "it has the pair for 2020-03-01 by previous from ecb"),
        (("USD", "EUR", SUNDAY, Rule(max_age=1), ("ecb",)), "has no USD/EUR for 2020-03-01"),
        (("USD", "EUR", None, RULE, ("ecb",)), "has no USD/EUR without a day"),
    ],
)
def test_what_is_not_locked(path: str, question: tuple[Any, ...], message: str) -> None:
    """The message names the missing figure, and what the file has of the pair."""
    with pytest.raises(LockError) as caught:
        saved(path, INVERSE).find(*question)
    assert message in str(caught.value)


def test_a_figure_that_moved_is_reported_and_replaced(path: str) -> None:
    """A correction by the publisher replaces the locked value, and is named; the latest rates move each day."""
    saved(path, INVERSE)
    corrected = INVERSE._replace(path=(EUR_USD._replace(rate=Decimal("1.0978")),))
    file = LockFile.read(path)
    file.add(corrected, SUNDAY, RULE)
    [moved] = file.save()
    assert moved.sentence() == "ecb's EUR/USD of 2020-02-28 was 1.0977 and is 1.0978"
    assert list(LockFile.read(path).known.values()) == [corrected]


def test_sources_with_another_value() -> None:
    """A source that has the same value, or does not have the figure, contradicts nothing; another value is named."""
    same, other = Stored("ecb", EUR_USD), Stored("ecb", EUR_USD._replace(rate=Decimal("1.0978")))
    check_unmoved([INVERSE], [])
    check_unmoved([INVERSE], [Listed(same), Listed(other)])  # the first that has it counts
    check_unmoved([INVERSE], [Listed(Stored("nbp", other.quote))])
    check_unmoved([INVERSE], [Listed(Stored("ecb", other.quote._replace(day=SUNDAY)))])
    with pytest.raises(LockError, match=r"have moved: ecb's EUR/USD of 2020-02-28 was 1\.0977 and is 1\.0978; leave"):
        check_unmoved([INVERSE], [Listed(), Listed(other)])
    shorter, ended = (
        Stored("own", PERIOD.path[0]._replace(valid_to=day)) for day in (date(2020, 5, 31), date(2020, 2, 29))
    )
    check_unmoved([PERIOD], [Listed(shorter)])  # it still has the day
    with pytest.raises(LockError, match="was valid to 2020-06-30 and is now to 2020-02-29"):
        check_unmoved([PERIOD], [Listed(ended)])


GOOD = json.dumps({"rates_lock": 1})


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda text: "", ""),
        (lambda text: "USD 1.1\n", "is not a lock file: its first line is 'USD 1.1'"),
        (lambda text: "[]\n", "is not a lock file"),
        (lambda text: text.replace('"rates_lock": 1', '"rates_lock": 2'), "has version 2 of the format; this program"),
        (lambda text: text + "{\n", "line 3: Expecting property name"),
        (lambda text: text + "[]\n", "line 3: "),
        (lambda text: text + text.splitlines()[1] + "\n", "line 3: the same figure stands in an earlier line"),
        (
            lambda text: text.replace('"rate": "0.91', '"rate": "0.92'),
            "line 2: rate and fraction contradict each other",
        ),
        (lambda text: text.replace('"1.0977", "day"', '"-1", "day"'), "line 2: not a rate: '-1'"),
        (lambda text: text.replace('"1.0977", "day"', '"1E+999999999", "day"'), "line 2: not a rate"),
        (lambda text: text.replace('"day": "2020-02-28", "how"', '"how"'), "line 2: no 'day'"),
        (lambda text: text.replace('"previous"', '"sometimes"'), "line 2: 'sometimes' is not a valid When"),
    ],
)
def test_damaged_files(path: str, edit: Any, message: str) -> None:
    """Each damage is named with its line; an empty file is one without entries."""
    saved(path, INVERSE)
    Path(path).write_text(edit(Path(path).read_text()))
    if not message:
        assert LockFile.read(path, must_exist=True).known == {}
        return
    with pytest.raises(LockError) as caught:
        LockFile.read(path)
    assert message in str(caught.value)
    assert str(caught.value).startswith(path)


def test_files_that_cannot_be_used(path: str, tmp_path: Path) -> None:
    """A missing file, a folder, bytes that are no text, a folder that is not there: each is one sentence."""
    with pytest.raises(LockError, match=r"no lock file .*; write one with --lock"):
        LockFile.read(path, must_exist=True)
    with pytest.raises(LockError, match="cannot be read: Is a directory"):
        LockFile.read(str(tmp_path))
    (tmp_path / "bytes.lock").write_bytes(b"\xff\xfe")
    with pytest.raises(LockError, match="cannot be read"):
        LockFile.read(str(tmp_path / "bytes.lock"))
    with pytest.raises(LockError, match="cannot be written: No such file"):
        saved(str(tmp_path / "none" / "rates.lock"), INVERSE)


def test_many_savers(path: str) -> None:
    """Threads that save at once lose no entry, and leave nothing beside the file."""
    days = [date(2020, 3, number) for number in range(1, 21)]
    threads = [threading.Thread(target=saved, args=(path, INVERSE), kwargs={"asked": day}) for day in days]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(LockFile.read(path).known) == 20
    assert os.listdir(os.path.dirname(path)) == ["rates.lock"]


def test_a_rate_of_fixed_ratios_alone_is_not_locked(path: str) -> None:
    """What the law fixes cannot move."""
    assert saved(path, INVERSE._replace(provider="", path=())).known == {}
