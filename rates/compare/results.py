"""What a comparison gives: frozen data that pickle.

All times are in seconds and end in `_s`; those of a span count from the moment its sample dispatched the first call.
None means "unknown here", never zero: a platform that does not report a process's memory, a call that is not a fetch.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Variant:
    """One way of running the calls. label: "again" for the reference's twin, else ""."""

    mode: str
    via: str
    workers: int
    label: str = ""

    def __str__(self) -> str:
        return self.name(f"×{self.workers}" if self.workers > 1 else "", f" by {self.via}")

    def name(self, workers: str, via: str) -> str:
        """The name with or without these parts."""
        return f"{self.mode}{workers}{via}{f' ({self.label})' if self.label else ''}"


def names(variants: Iterable[Variant]) -> dict[Variant, str]:
    """The shortest name that distinguishes each variant from the others: its mode, and what else is needed."""
    known = tuple(dict.fromkeys(variants))
    found = {}
    for variant in known:
        alike = [other for other in known if other.mode == variant.mode]
        workers = f"×{variant.workers}" if len({other.workers for other in alike}) > 1 else ""
        found[variant] = variant.name(workers, f" by {variant.via}" if len({other.via for other in alike}) > 1 else "")
    return found


@dataclass(frozen=True, slots=True)
class Span:
    """One call in one sample: handed to the pool, begun by a worker, ended.

    index: its position among the items. worker: a number within the sample, from "1" in the order in which the workers
    began; calls that one thread runs side by side (asyncio) have one each. turn_s: waiting for a turn at the host,
    before a retry, or for another call's download. connect_s: opening connections. wait_s: from the request sent to the
    first byte of the answer, or the simulated latency. read_s: receiving. parse_s: the rest of a fetch: parsing,
    checking, rebasing. failure: why it failed, or "". fingerprint: of its result, "" if it failed or has none.
    """

    index: int
    worker: str
    handed_s: float
    began_s: float
    ended_s: float
    turn_s: float | None = None
    connect_s: float | None = None
    wait_s: float | None = None
    read_s: float | None = None
    parse_s: float | None = None
    connections: int | None = None
    failure: str = ""
    fingerprint: str = ""

    @property
    def queue_s(self) -> float:
        """Waiting for a worker."""
        return max(0.0, self.began_s - self.handed_s)

    @property
    def fetch_s(self) -> float:
        """The call in its worker."""
        return self.ended_s - self.began_s

    @property
    def wire_s(self) -> float | None:
        """On the wire: connecting, waiting, reading."""
        if self.connect_s is None or self.wait_s is None or self.read_s is None:
            return None
        return self.connect_s + self.wait_s + self.read_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One measurement of one variant; `number` is its round, from 1, and below 1 in the warm-up.

    startup_s: from opening the pool until every worker has answered a first call; in a warm pool 0 after the first
    round. wall_s: from dispatching the first call to the last result. shutdown_s: ending the pool, None for one that is
    kept. spans: of all calls, by index, failed ones too. cpu_parent_s, cpu_children_s: processor time during wall_s.
    peak_rss_mb: the peak memory of each process in the tree, added up. failures: "item: why".
    """

    variant: Variant
    number: int
    startup_s: float
    wall_s: float
    shutdown_s: float | None = 0.0
    spans: tuple[Span, ...] = ()
    cpu_parent_s: float | None = None
    cpu_children_s: float | None = None
    peak_rss_mb: float | None = None
    failures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spread:
    """Some times: median, mean, standard deviation (n - 1; 0 for one time), least, greatest."""

    median: float
    mean: float
    s: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Quantiles:
    """The 50th, 95th and 99th percentile, interpolated between the two nearest (numpy's default, R's type 7)."""

    p50: float
    p95: float
    p99: float


@dataclass(frozen=True, slots=True)
class Behind:
    """How far a variant is behind the fastest: the median ratio of its wall time to the fastest's, paired by round.

    interval: of 95 %. p: corrected (Holm) for all variants compared with the fastest. plain: whether it took half as
    long again in every round, of four at least. differs: whether it is slower beyond the noise (by test and interval,
    or plainly) and by more than A/A shows.
    """

    ratio: float
    interval: tuple[float, float] | None
    p: float
    plain: bool
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One variant's figures, as `rates compare --help` defines them; None where a figure cannot be known.

    name: the shortest that distinguishes it in its comparison. rounds: those without a failure, which all times of
    whole rounds come from. calls, failures: of all rounds. queue, fetch, wire, parse, turn:
    over the calls that did not fail. waiting_share: of the time in calls. busy: mean number of workers at work.
    speedup, speedup_ci95, p: against the reference; p corrected (Holm). connections: median of a round. outliers: the
    rounds whose wall time is far from the others'. behind: None for the fastest, the twin, and without a wall time.
    """

    variant: Variant
    name: str
    rounds: int
    calls: int
    failures: int
    startup: Spread | None = None
    wall: Spread | None = None
    shutdown: Spread | None = None
    queue: Quantiles | None = None
    fetch: Quantiles | None = None
    wire: Quantiles | None = None
    parse: Quantiles | None = None
    turn: Quantiles | None = None
    waiting_share: float | None = None
    per_second: float | None = None
    cpu_parent_s: float | None = None
    cpu_children_s: float | None = None
    peak_rss_mb: float | None = None
    connections: float | None = None
    busy: float | None = None
    speedup: float | None = None
    speedup_ci95: tuple[float, float] | None = None
    p: float | None = None
    ideal_s: float | None = None
    ideal_share: float | None = None
    outliers: tuple[int, ...] = ()
    behind: Behind | None = None

    def median_s(self) -> float:
        """The median wall time of a variant that has one."""
        assert self.wall is not None
        return self.wall.median

    @property
    def cpu_s(self) -> float | None:
        """Processor time of parent and children together."""
        known = [time for time in (self.cpu_parent_s, self.cpu_children_s) if time is not None]
        return sum(known) if known else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Where it was measured. compiled: whether our modules are byte-compiled on disk. packages: names and versions."""

    cores: int
    cpu: str
    system: str
    implementation: str
    python: str
    gil: bool
    compiled: bool
    packages: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        cores = f"{self.cores} core{'' if self.cores == 1 else 's'} of {self.cpu}"
        python = f"{self.implementation} {self.python}{'' if self.gil else ' without the GIL'}"
        return f"{cores} · {python} · {self.system.partition('-')[0]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What was to be measured. items: as texts of at most 80 characters. source: offline, loopback, live or function.

    rounds: at most this many (None: until the intervals are narrow enough or the time is spent). budget_s: the time for
    all (None: unlimited). warm: whether pools are kept from round to round. latency_s: that of the ideal; measured:
    whether it is the median sequential call and not a given one. within: the interval's half width that ends the
    rounds.
    """

    items: tuple[str, ...]
    source: str
    rounds: int | None
    warmup: int
    budget_s: float | None = None
    warm: bool = False
    latency_s: float | None = None
    measured: bool = False
    jitter_s: float = 0.0
    fail: float = 0.0
    provider: tuple[str, ...] = ()
    within: float = 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All of a run: what was planned, where, every measurement, the figures, and what follows from them.

    variants: those of each round, the reference's twin last; an interrupted run may lack some in its samples. samples:
    by round, then in the order of the variants; without the warm-up, unless every call of it failed and nothing else
    was measured. rounds: complete ones. left_out: modes that cannot run here, each with the reason. differing: how the
    variants' results differed. visible: the smallest relative difference that this run can show (0.02 is 2 %), from the
    reference against its twin. advice: what to use, by how much, and what does not differ from it, a sentence each;
    reasons: why. notes: how the run differed from what was asked.
    """

    plan: Plan
    machine: Machine
    seed: int
    variants: tuple[Variant, ...]
    reference: Variant
    samples: tuple[Sample, ...]
    figures: tuple[Figures, ...]
    rounds: int
    visible: float | None = None
    left_out: tuple[tuple[str, str], ...] = ()
    differing: tuple[str, ...] = ()
    interrupted: bool = False
    advice: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """The advice and the reasons, a sentence a line."""
        return "\n".join((*self.advice, *self.reasons))

    @property
    def ranked(self) -> list[Figures]:
        """The variants that have a wall time, the fastest median first; without the reference's twin."""
        timed = (row for row in self.figures if row.wall is not None and row.variant.label != AGAIN)
        return sorted(timed, key=Figures.median_s)

    def of(self, variant: Variant) -> tuple[Sample, ...]:
        """The samples of one variant, by round."""
        return tuple(sample for sample in self.samples if sample.variant == variant)
