"""The provider `consensus`: its members asked at once, in threads of this worker, and one table made of their answers.

The executor layer is out of reach here, by the ladder and in truth: a pool of processes cannot be opened in one of its
own workers. Threads can anywhere, and this is waiting.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from rates import providers
from rates.consensus import KEY, blend
from rates.errors import EmptyAnswer, Interrupted, RatesError
from rates.model import RateTable
from rates.providers import ProviderModule
from rates.providers._groups import members
from rates.settings import Settings
from rates.transport import Guard

MOST_THREADS = 64

# Asks one provider for the base within a guard.
Ask = Callable[[ProviderModule, Guard], RateTable]


def ask_members(base: str, settings: Settings, guard: Guard, ask: Ask) -> RateTable:
    """The table of the medians of those official members that answer in time; `EmptyAnswer` when none does.

    Those that want a key and have none refuse before they are asked.
    """
    asked = [providers.load(key) for key in members("official")]

    def said(module: ProviderModule) -> RateTable | RatesError:
        try:
            with Guard(guard.left()) as own:
                return ask(module, own)
        except RatesError as error:
            return error
        except Exception as error:  # a fault in one member's code must not sink the others
            return RatesError(f"failed unexpectedly: {type(error).__name__}", provider=module.PROVIDER.key)

    with ThreadPoolExecutor(MOST_THREADS, "rates-consensus") as pool:
        answers = list(pool.map(said, asked))
    for answer in answers:
        if isinstance(answer, Interrupted):
            raise answer
    tables = [answer for answer in answers if isinstance(answer, RateTable)]
    table = blend(tables, base, {module.PROVIDER.key: module.PROVIDER for module in asked}, asked=settings.on)
    if len(table) < 2:
        names = Counter(answer.name for answer in answers if isinstance(answer, RatesError))
        told = ", ".join(f"{count} {name}" for name, count in names.most_common())
        raise EmptyAnswer(f"none of its {len(asked)} members gave rates of {base}: {told}", provider=KEY)
    return table
