"""When the rounds end: enough of them, an interval that is narrow enough, or the time that is spent."""

from __future__ import annotations

from collections.abc import Sequence

from rates.compare.figures import ratios
from rates.compare.records import Sample, Variant
from rates.compare.statistics import half_width, median_interval
from rates.compare.worker_side import Clock

WITHIN = 0.03
# Fewer rounds than five have no interval worth the name (of five, the median's reaches from the least to the greatest).
LEAST_ROUNDS = 5
MOST_ROUNDS = 1000


class Until:
    """Decides before each round whether there is another.

    samples: those measured so far, warmed: those of the warm-up, both added by whoever measures.

    rounds: so many; None: until every speed-up is known to within ±3 %. budget_s: the time for all, the warm-up
    included; a round that would not end in it is not begun, but the first `least` always are.
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
        self.warmed: list[Sample] = []
        self.began = clock()
        self.last = self.began
        self.longest_s = 0.0

    def more(self, done: int) -> bool:
        """Whether there is another round after `done`."""
        now = self.clock()
        if done > 0:
            self.longest_s = max(self.longest_s, now - self.last)
        self.last = now
        if done == 0:
            return not self.warmed or not self.hopeless()
        if done >= (self.rounds or MOST_ROUNDS) or self.hopeless():
            return False
        if self.budget_s is not None and done >= self.least and now - self.began + self.longest_s > self.budget_s:
            return False
        return self.rounds is not None or done < LEAST_ROUNDS or not self.narrow()

    @property
    def spent_s(self) -> float:
        """The time since it began."""
        return self.clock() - self.began

    def hopeless(self) -> bool:
        """After a round in which every call failed, the warm-up's too, another would only take as long."""
        return all(len(sample.failures) == len(sample.spans) for sample in (*self.warmed, *self.samples))

    def in_vain(self) -> bool:
        """Whether the time is spent and nothing but failures has come of it: the round need not even be ended."""
        return self.budget_s is not None and self.spent_s > self.budget_s and self.hopeless()

    def narrow(self) -> bool:
        """Whether every interval is within ±3 % of its speed-up."""
        for variant in self.variants:
            if variant == self.reference:
                continue
            found = ratios(self.samples, self.reference, variant)
            if found and half_width(median_interval(found, self.seed), sorted(found)[len(found) // 2]) > WITHIN:
                return False
        return True
