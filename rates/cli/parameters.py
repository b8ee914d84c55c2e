"""The one type of all flags and arguments: how the text is read, and what a shell completes it to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import click

from rates.errors import quoted

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

# The words that complete a value, or a function that gives them for the text typed so far.
Offers = Iterable[str] | Callable[[str], Iterable[str]]
# Metavars of what the shell completes by itself.
_SHELL = {"DIR": "dir", "FILE": "file"}


class Value(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.2 only
    """A value, or with `commas` a list of them.

    parse: text to value; its ValueError gives the valid form. Without it the command itself reads the text.
    """

    def __init__(
        self,
        metavar: str,
        parse: Callable[[object], Any] | None = None,
        offers: Offers = (),
        *,
        commas: bool = False,
    ) -> None:
        self.name, self.parse, self.offers, self.commas = metavar, parse, offers, commas

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The parsed value; a wrong one is a usage error with the valid form."""
        if self.parse is None or not isinstance(value, str):
            return value
        try:
            return self.parse(value)
        except ValueError as error:
            self.fail(f"{quoted(value)}: {error}", param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The offers that begin like the text; in a list, like the text after the last comma."""
        from click.shell_completion import CompletionItem

        if self.name in _SHELL:
            return [CompletionItem(incomplete, type=_SHELL[self.name])]
        head, comma, begun = incomplete.rpartition(",") if self.commas else ("", "", incomplete)
        words = self.offers(incomplete) if callable(self.offers) else self.offers
        return [CompletionItem(head + comma + word) for word in words if word.lower().startswith(begun.lower())]


def codes(typed: str) -> Iterable[str]:
    """All currency codes."""
    from rates.currencies import codes

    return sorted(codes())


def symbols(typed: str) -> Iterable[str]:
    """All currency codes, and "all", which stands alone."""
    return codes(typed) if "," in typed else ("all", *codes(typed))


def providers(typed: str) -> Iterable[str]:
    """The keys of all providers."""
    from rates.providers import keys

    return keys()


def chain(typed: str) -> Iterable[str]:
    """What a chain of providers may name."""
    from rates.providers import choices

    return choices()


CODES = Value("CODE", offers=codes, commas=True)
KEYS = Value("KEY", offers=providers, commas=True)
FILE = Value("FILE")
DIR = Value("DIR")
