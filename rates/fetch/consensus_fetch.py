"""The provider `consensus`: its members asked at once, within one fetch, and one table made of their answers.

The executor layer is out of reach here, by the ladder and in truth: a pool of processes cannot be opened in one of its
own workers. Threads can anywhere, and this is waiting.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from rates import providers
from rates.consensus import KEY, blend
from rates.errors import EmptyAnswer, Interrupted, RatesError
from rates.fetch.wanted import Plan, Together
from rates.model import RateTable
from rates.providers import ProviderModule
from rates.providers.groups import members
from rates.settings import Settings

# Asks one provider for the base.
Ask = Callable[[ProviderModule], "Plan[RateTable]"]


def asking_members(base: str, settings: Settings, ask: Ask) -> Plan[RateTable]:
    """The table of the medians of those official members that answer in time; `EmptyAnswer` when none does.

    Those that want a key and have none refuse before they are asked.
    """
    asked = [providers.load(key) for key in members("official")]
    answers: list[Any] = yield Together(tuple(_said(module, ask) for module in asked))
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


def _said(module: ProviderModule, ask: Ask) -> Plan[RateTable | RatesError]:
    """One member's table, or its error: one must not sink the others."""
    try:
        table = yield from ask(module)
        return table
    except RatesError as error:
        return error
    except Exception as error:
        return RatesError(f"failed unexpectedly: {type(error).__name__}", provider=module.PROVIDER.key)
