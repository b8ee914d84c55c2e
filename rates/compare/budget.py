"""When the rounds end: after enough of them, when the intervals are narrow enough, or when the time is spent."""

from __future__ import annotations

from collections.abc import Sequence

from rates.compare.results import Sample, Variant
from rates.compare.significance import ratios
from rates.compare.statistics import half_width, median_interval
from rates.compare.worker_side import Clock

WITHIN = 0.03
# The interval of the median of five rounds reaches from the least to the greatest; fewer give no useful interval.
LEAST_ROUNDS = 5
MOST_ROUNDS = 1000


class Budget:
    """Decides before each round whether there is another.

    rounds: this many; None: until every speed-up is known to within ±3 %. budget_s: the time for all rounds, the
    warm-up included; a round that would not end within it is not begun, except for the first `least`.
    """

    def __init__(
        self,
        clock: Clock,
        reference: Variant,
        variants: Sequence[Variant],
        rounds: int | None,
        budget_s: float | None,
        seed: int,
        least: int = 1,
    ) -> None:
        self.clock, self.reference, self.variants = clock, reference, variants
        self.rounds, self.budget_s, self.seed, self.least = rounds, budget_s, seed, least
        self.samples: list[Sample] = []
        self.warmup: list[Sample] = []
        self.began = self.last = clock()
        self.longest_s = 0.0

    def add(self, sample: Sample) -> None:
        """Takes a measurement into account."""
        (self.samples if sample.number > 0 else self.warmup).append(sample)

    def more(self, done: int) -> bool:
        """Whether there is another round after `done`."""
        now = self.clock()
        if done > 0:
            self.longest_s = max(self.longest_s, now - self.last)
        self.last = now
        if done == 0:
            return not (self.warmup and self.all_failed())
        if done >= (self.rounds or MOST_ROUNDS) or self.all_failed():
            return False
        if self.budget_s is not None and done >= self.least and now - self.began + self.longest_s > self.budget_s:
            return False
        return self.rounds is not None or done < LEAST_ROUNDS or not self.narrow()

    @property
    def spent_s(self) -> float:
        """The time since the beginning."""
        return self.clock() - self.began

    def all_failed(self) -> bool:
        """Whether no call has succeeded, the warm-up included: another round would only take as long."""
        return all(len(sample.failures) == len(sample.spans) for sample in (*self.warmup, *self.samples))

    def exhausted_in_vain(self) -> bool:
        """Whether the time is spent and every call has failed: then not even the round is finished."""
        return self.budget_s is not None and self.spent_s > self.budget_s and self.all_failed()

    def narrow(self) -> bool:
        """Whether every speed-up's interval lies within ±3 % of it."""
        paired = [ratios(self.samples, self.reference, each) for each in self.variants if each != self.reference]
        return all(
            half_width(median_interval(found, self.seed), sorted(found)[len(found) // 2]) <= WITHIN
            for found in paired
            if found
        )
