"""A recording made of the specimens: the whole world on one day, to be replayed by `--replay`, with no network."""

from __future__ import annotations

import sys
from pathlib import Path

from rates import providers
from rates.errors import RatesError
from rates.fetch.run_provider import run_provider
from rates.model import Reply, Request
from rates.offline import Recorder
from tests.providers.cases import CASES
from tests.providers.conversation import TODAY, Publisher


def write(folder: Path) -> tuple[str, ...]:
    """Records every provider's good conversation; gives the keys of those that then answer for their case's question.

    A publisher that is asked for each base by itself answers for the base of its case alone.
    """
    recorder, done = Recorder(folder, TODAY), []
    for key, case in CASES.items():
        publisher = Publisher(case.answers)

        def send(request: Request, ask: Publisher = publisher) -> Reply:
            reply = ask(request)
            recorder(request, reply)
            return reply

        try:
            run_provider(providers.load(key), case.query, send)
        except RatesError:  # one that takes its answers by their number and not by what it asks
            continue
        done.append(key)
    return tuple(done)


if __name__ == "__main__":
    print(*write(Path(sys.argv[1])))
