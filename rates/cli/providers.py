"""`rates providers [KEY]…`: which publisher has what, and how to ask it; `rates providers new KEY` writes a new one."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from rates import providers
from rates.cli import OK, SOME_FAILED
from rates.cli.options import CODES, DIR, KEYS, LIST, Value, format_from, options
from rates.cli.pager import NO_PAGER, page
from rates.cli.terminal import output_width, say
from rates.errors import UsageError, quoted, suggest
from rates.providers import published
from rates.providers.regions import names, place
from rates.settings.parsers import provider_keys

if TYPE_CHECKING:
    from rates.model import Provider

NONE_MATCHES = SOME_FAILED
KINDS = {"central-bank": "central bank", "tax-authority": "tax authority", "service": "service"}

EPILOG = """\b
Examples:
  rates providers                            all of them
  rates providers ecb                        one in full, with an example
  rates providers --currency TRY,UAH --key none
  rates providers --region africa --history  a region's, for ranges of days
  rates providers --country CZ --country PL
  rates providers --kind service --format json
  rates providers new utopia --into src      write the files of a new provider

A narrow terminal shows fewer columns, and a list that is longer than it goes through $PAGER (less); a pipe or a file
gets all.

The consensus is not a provider: --provider consensus asks all official ones and gives the medians. Your own rates are
the provider own, which answers from a file: --own FILE; `rates config --explain` has the setting.

Exit status: 0 listed, 1 none matches, 2 wrong usage.
"""


def _countries(typed: str) -> Iterable[str]:
    """The countries of all publishers, for completion."""
    modules, _ = providers.load_each(providers.keys())
    return sorted({module.PROVIDER.country for module in modules if module.PROVIDER.country})


def _filter(name: str, kind: Value, text: str) -> Any:
    return click.option(f"--{name}", name, type=kind, multiple=True, help=text)


FILTERS = (
    _filter("currency", CODES, "Only those known to publish it; several: all of them."),
    _filter("country", Value("XX", offers=_countries, commas=True),
            "Only those of that country (ISO 3166); several: any of them."),
    _filter("region", Value("NAME", offers=lambda typed: sorted(names()), commas=True),
            "Only those of that region or sub-region of the UN, like Africa."),
    click.option("--key", "key", type=click.Choice(("none", "needed")), help="Only those that need no key, or one."),
    click.option("--history", is_flag=True, help="Only those that answer for a range of days."),
    click.option("--kind", type=click.Choice(tuple(KINDS)),
                 help="Only central banks and their like, tax and customs authorities, or services."),
)  # fmt: skip


@click.command("providers", epilog=EPILOG)
@click.argument("keys", nargs=-1, metavar="[KEY]…", type=KEYS)
@options(*FILTERS, *LIST)
@NO_PAGER
@click.option("--into", type=DIR, help="With `new KEY`: the folder to write into (default: this one).")
def command(keys: tuple[str, ...], **flags: Any) -> int:
    """List the publishers, or show the KEYs in full; `new KEY` writes the files of a new provider."""
    if keys[:1] == ("new",):
        from rates.cli.skeleton import write

        sys.stdout.write(write(keys[1:], flags["into"] or "."))
        return OK
    if flags["into"] is not None:
        raise UsageError("--into is for `rates providers new KEY`")
    from rates.cli.details import text
    from rates.currencies import code

    codes = [code(word) for word in _words(flags["currency"])]
    possible = [provider for provider in (_named(keys) if keys else _all()) if _matches(provider, flags)]
    matching = [provider for provider in possible if all(published.has(provider.key, code) for code in codes)]
    listed = text(matching, format_from(flags), output_width(), in_full=bool(keys))
    page(listed, paged=not flags["no_pager"])
    if codes and (unknown := [provider.key for provider in possible if not published.seen(provider.key)]):
        say(f"it is not known which currencies these publish: {', '.join(unknown)}")
    if not matching:
        say("no publisher matches all these filters; leave one out")
    return OK if matching else NONE_MATCHES


def _named(keys: tuple[str, ...]) -> list[Provider]:
    """The publishers of these keys or files; `UsageError` for an unknown one."""
    return [providers.load(key).PROVIDER for key in dict.fromkeys(provider_keys(_words(keys)))]


def _all() -> list[Provider]:
    """Every publisher; a plugin that cannot be loaded is reported on stderr and left out."""
    modules, errors = providers.load_each(providers.keys())
    for error in errors.values():
        say(f"rates: {error}")
    return [module.PROVIDER for module in modules]


def _words(given: Iterable[str]) -> list[str]:
    """The words as typed, with commas or without."""
    return [word.strip() for part in given for word in part.split(",") if word.strip()]


def _matches(provider: Provider, flags: dict[str, Any]) -> bool:
    """Whether a publisher passes all filters but that of --currency."""
    countries = [word.upper() for word in _words(flags["country"])]
    regions = _places(flags["region"])
    return (
        (not countries or provider.country in countries)
        and (not regions or any(name.lower() in regions for name in place(provider.country)))
        and (flags["key"] is None or (flags["key"] == "needed") == bool(provider.key_env))
        and (not flags["history"] or "range" in provider.answers)
        and (flags["kind"] is None or provider.kind == KINDS[flags["kind"]])
    )


def _places(given: Iterable[str]) -> list[str]:
    """The regions in lower case; `UsageError` for an unknown one."""
    known = {name.lower(): name for name in names()}
    for word in (words := [word.lower() for word in _words(given)]):
        if word not in known:
            otherwise = "regions are Africa, Americas, Asia, Europe, Oceania"
            raise UsageError(f"unknown region {quoted(word)}", hint=suggest(word.title(), known.values(), otherwise))
    return words
