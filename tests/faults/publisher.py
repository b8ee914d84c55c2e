"""A publisher of these tests: a document for each base, which does not name the base.

So an answer to another request is not noticed, except by its figures. A test writes this file again for each fault,
with its address, and with the harm that its code does to the worker in which the yen is asked for.

Source: http://127.0.0.1/
"""

import asyncio
import os
import signal

from rates.providers.kit import Provider, Query, Quote, Request, Steps, date
from rates.readers import json_value, mapping, number

URL = ""
HARM = ""
PROVIDER = Provider(name="Faulty", rate_type="mid", published="now", since=date(1999, 1, 4), concurrency=64)


def steps(query: Query) -> Steps:
    """One request."""
    if HARM and query.base == "JPY":
        harm()
    reply = yield Request(URL, params=(("base", query.base),))
    figures = mapping(json_value(reply.body))
    return [Quote(query.base, symbol, number(figure), query.today) for symbol, figure in figures.items()]


def parse(body: bytes) -> list[Quote]:
    """Nothing: the answer alone does not tell the base."""
    return []


def harm() -> None:
    """Ends the process, raises what would end it, or asks for more than there is."""
    if HARM in ("SIGKILL", "SIGSEGV"):
        os.kill(os.getpid(), signal.Signals[HARM])
    elif HARM == "exit":
        os._exit(3)
    elif HARM == "memory":
        bytearray(2**62)
    elif HARM == "recursion":
        harm()
    else:
        raise {"SystemExit": SystemExit, "KeyboardInterrupt": KeyboardInterrupt, "Cancelled": asyncio.CancelledError}[
            HARM
        ](5)
