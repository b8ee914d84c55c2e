"""The text below the options of `rates compare --help`: every figure defined."""

from __future__ import annotations

from rates.compare.columns import FETCHES, ROUNDS, meanings

EPILOG = f"""\b
Where the fetches go: with --offline (the default) the answers come from
within each process, after a simulated latency. With --loopback a server in a
process of its own gives the same answers on 127.0.0.1 after the same latency,
over real sockets. Neither limits its rate, since no publisher is asked. With
--live the real services are asked, within the rate limit of each.

\b
The first table; times are in milliseconds (json, jsonl, csv: in seconds):
{meanings(ROUNDS)}

\b
The second table, of single fetches (p50, p95, p99: percentiles over all of
them, interpolated) and of what a round costs (medians):
{meanings(FETCHES)}

\b
Each round runs every variant in a new random order, after a garbage
collection; the rounds of the warm-up are dropped. Rounds go on until every
speed-up is known to within ±3 %, or the time is spent; --rounds fixes them. A
variant differs measurably from the fastest when Student's t test of the
logarithms of the paired rounds' ratios finds it (p < 0.05 after Holm's
correction for all; from ten rounds on a fifth is trimmed at either end:
Yuen's test) and its interval does not reach the fastest, or when it took half
as long again in each round of four or more; and when the difference is larger
than the smallest that the run can see: half the interval of the reference
against itself, or how far that is from 1. Outliers (3.5 robust standard
deviations, and at least 10 %) are listed with a likely cause and stay in.

\b
Two runs that --load compares share no rounds, so nothing is paired: a variant
has changed when Welch's t test of the logarithms of its whole times finds it
(from ten rounds on trimmed: Yuen's), p < 0.05 after Holm; its bootstrap
interval of the medians' ratio does not reach 1, and the change is larger than
either run's reference from itself, and than the variant's later rounds from
its earlier ones. --python does the same with two passes of each Python.
A timeline, in characters or drawn, is the round nearest to the median: a lane
for each worker, a bar for each fetch. rates/compare/json_format.py describes
the JSON.

\b
Examples:
  rates compare                          no network: simulated, 20 ms latency
  rates compare --latency 200ms --jitter 50ms --fail 2% --workers 4,8,16
  rates compare --loopback --latency 100ms --modes sequential,thread
  rates compare --modes thread,process --via submit USD EUR GBP
  rates compare --modes all --time-budget 2m
  rates compare --time-budget 60s --warm
  rates compare --workers 1,2,4,8,16 --plot workers.html --timeline
  rates compare --export-json before.json --export-hyperfine bars.json
  rates compare --load before.json after.json
  rates compare --python 3.11,3.13,3.14t --export-json pythons.json
  rates compare --format json | jq '.[] | {{mode, via, workers, speedup}}'
  rates compare --live USD EUR GBP       the real services

Exit status: 0 success, 1 some fetches failed or results differ, 2 wrong usage, 3 every fetch failed, 130 interrupted
(what has been measured is printed).
"""
