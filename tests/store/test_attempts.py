"""What was asked, and what came of it, over a file and over a server."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from rates.store import Store
from rates.store.attempts import Failure, Visit
from tests.store.conftest import quote

NOON = datetime(2026, 10, 30, 12, tzinfo=UTC)


def march(day: int) -> date:
    """A day of March."""
    return date(2026, 3, day)


def failure(first: int, last: int, reason: str = "timed out") -> Failure:
    """Days that failed."""
    return Failure("bank", "", march(first), march(last), NOON, reason)


def test_settled_days_are_united(store: Store) -> None:
    """Spans that touch become one; those of another base or provider stay apart."""
    attempts = store.attempts
    for first, last in ((1, 5), (10, 12), (6, 7)):
        attempts.settle("bank", "", march(first), march(last))
    attempts.settle("bank", "USD", march(1), march(1))
    attempts.settle("other", "", march(2), march(2))
    assert attempts.settled("bank") == [(march(1), march(7)), (march(10), march(12))]
    attempts.settle("bank", "", march(5), march(11))
    assert attempts.settled("bank") == [(march(1), march(12))]
    assert attempts.settled("bank", "USD") == [(march(1), march(1))]


def test_a_failure_lasts_until_its_days_are_settled(store: Store) -> None:
    """Days that failed are listed with the last reason, until the publisher answers for them."""
    attempts = store.attempts
    attempts.fail(failure(1, 5))
    attempts.fail(failure(10, 12))
    attempts.fail(failure(1, 5, "refused"))
    assert attempts.failures("bank") == [failure(1, 5, "refused"), failure(10, 12)]
    attempts.settle("bank", "", march(1), march(6))
    assert attempts.failures() == [failure(10, 12)]
    assert attempts.failures("other") == []
    attempts.answered("bank", "", march(11), march(11))
    assert attempts.failures() == [failure(10, 10), failure(12, 12)]


def test_closed_days_and_failed_days_are_different(store: Store) -> None:
    """A settled day without figures is one on which nothing was published; a failed one is not."""
    attempts = store.attempts
    store.put("bank", [quote("USD", "1.1", march(2))], NOON, "")
    attempts.settle("bank", "", march(1), march(3))
    attempts.fail(failure(4, 5))
    states = [attempts.state("bank", march(day)) for day in range(1, 7)]
    assert states == ["nothing published", "published", "nothing published", "failed", "failed", "not asked"]
    assert attempts.state("bank", march(1), "USD") == "not asked"
    store.put("bank", [quote("USD", "1.1", march(20), valid_to=march(25))], NOON, "")
    assert [attempts.state("bank", march(day)) for day in (19, 22, 26)] == ["not asked", "published", "not asked"]


def test_the_last_visit_is_kept(store: Store) -> None:
    """A visit replaces the one before, for each base."""
    attempts = store.attempts
    first = Visit("bank", "", march(1), NOON, NOON + timedelta(hours=1))
    attempts.visit(first)
    attempts.visit(Visit("bank", "USD", march(1), NOON, NOON))
    attempts.visit(first._replace(due=NOON + timedelta(days=1)))
    assert attempts.visits("bank")[""] == first._replace(due=NOON + timedelta(days=1))
    assert set(attempts.visits("bank")) == {"", "USD"}
    assert attempts.visits("other") == {}


def test_days_are_known_until_something_can_be_new(store: Store) -> None:
    """After a sync the days since the newest figures need no question before the next publication is due."""
    attempts = store.attempts
    attempts.settle("bank", "", march(1), march(2))
    attempts.settle("bank", "", march(4), march(6))
    settled = attempts.settled("bank")
    assert attempts.known("bank", "", NOON) == settled
    asked = NOON.replace(month=3, day=7)
    attempts.visit(Visit("bank", "", march(1), asked, asked + timedelta(days=2)))
    for days, last in ((0, march(7)), (1, march(8)), (2, march(6)), (-1, march(6))):
        assert attempts.known("bank", "", asked + timedelta(days=days)) == [settled[0], (march(4), last)]
    assert attempts.known("bank", "USD", asked) == []


def test_days_of_a_look_up_are_known_until_something_can_be_new(store: Store) -> None:
    """A look-up of the days up to the present is as good as a sync for them, but is no visit of one."""
    attempts = store.attempts
    attempts.settle("bank", "", march(1), march(2))
    asked = NOON.replace(month=3, day=7)
    attempts.look(Visit("bank", "", march(5), asked, asked + timedelta(days=2)))
    before, until = (march(1), march(2)), asked + timedelta(days=2)
    assert attempts.known("bank", "", asked) == [before, (march(5), march(7))]
    assert attempts.known("bank", "", until - timedelta(hours=1)) == [before, (march(5), march(9))]
    assert attempts.known("bank", "", until) == attempts.known("bank", "", NOON) == [before]
    assert attempts.known("bank", "USD", asked) == []
    assert attempts.visits("bank") == {}
    assert attempts.rests("bank", "", asked)
    assert not attempts.rests("bank", "", until)


def test_days_with_figures(store: Store) -> None:
    """The newest day of a provider, or of one base, and the days since one."""
    attempts = store.attempts
    assert attempts.newest("bank") is None
    store.put("bank", [quote("USD", "1", march(2)), quote("CHF", "1", march(2)), quote("USD", "1", march(4))], NOON, "")
    store.put("bank", [quote("EUR", "1", march(9), base="USD")], NOON, "")
    assert (attempts.newest("bank"), attempts.newest("bank", "EUR")) == (march(9), march(4))
    assert attempts.days("bank", "EUR", march(1)) == [march(2), march(4)]
    assert attempts.days("bank", "", march(3)) == [march(4), march(9)]
