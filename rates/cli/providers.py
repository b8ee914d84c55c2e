"""`rates providers [KEY]…`: who publishes what, and how to ask; `rates providers new KEY`: the beginning of another."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import click

from rates import providers
from rates.cli import OK, SOME_FAILED, put_text, say
from rates.cli.options import LIST, Setting, format_from, options
from rates.errors import RatesError, UsageError, quoted
from rates.parse_settings import MACHINE_FORMATS

if TYPE_CHECKING:
    from rates.providers._known import Facts

NONE_MATCHES = SOME_FAILED
KINDS = {"central-bank": "central bank", "service": "service"}

EPILOG = """\b
Examples:
  rates providers                            all of them
  rates providers ecb                        all that is known of one, with an example
  rates providers --currency TRY,UAH --key none
  rates providers --region africa --history  those of a region that answer for a range
  rates providers --country CZ --country PL
  rates providers --kind service --format json
  rates providers new utopia --into src      the beginning of a provider: its file, a specimen, its test

\b
Exit status: 0 listed, 1 none matches, 2 wrong usage.
"""


class _Word(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.2 only
    """Words of which the right ones are only looked up where they are needed: to read one, and to complete one."""

    def __init__(self, metavar: str, known: Callable[[], Iterable[str]]) -> None:
        self.name, self.known = metavar, known

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
        """The known words that begin so, after the last comma."""
        from click.shell_completion import CompletionItem

        head, comma, begun = incomplete.rpartition(",")
        return [CompletionItem(head + comma + word) for word in sorted(self.known()) if _same(word, begun)]


def _same(word: str, begun: str) -> bool:
    return word.lower().startswith(begun.lower())


def _codes() -> Iterable[str]:
    from rates.currencies import codes

    return codes()


def _countries() -> Iterable[str]:
    return {facts.country for facts in _all(quiet=True) if facts.country}


def _regions() -> Iterable[str]:
    from rates.providers._regions import names

    return names()


def _filter(name: str, kind: _Word, text: str) -> Any:
    return click.option(f"--{name}", name, type=kind, multiple=True, help=text)


FILTERS = (
    _filter("currency", _Word("CODE", _codes), "Only those known to publish it; several: all of them."),
    _filter("country", _Word("XX", _countries), "Only those of that country (ISO 3166); several: any of them."),
    _filter("region", _Word("NAME", _regions), "Only those of that region or sub-region of the UN, like Africa."),
    click.option("--key", "key", type=click.Choice(("none", "needed")), help="Only those that want no key, or one."),
    click.option("--history", is_flag=True, help="Only those that answer for a range of days."),
    click.option("--kind", type=click.Choice(tuple(KINDS)), help="Only central banks (and the like), or services."),
)


@click.command("providers", epilog=EPILOG)
@click.argument("keys", nargs=-1, metavar="[KEY]…", type=click.UNPROCESSED,
                shell_complete=Setting("provider", "KEY").shell_complete)  # fmt: skip
@options(*FILTERS, *LIST)
@click.option("--into", metavar="DIR", help="With `new KEY`: the folder to write into (default: this one).")
def command(keys: tuple[str, ...], **flags: Any) -> int:
    """List the publishers, or print all that is known of the KEYs; `new KEY` begins another."""
    if keys[:1] == ("new",):
        return _new(keys[1:], flags["into"] or ".")
    if flags["into"] is not None:
        raise UsageError("--into is for `rates providers new KEY`")
    chosen = [providers.facts(key) for key in dict.fromkeys(map(str.lower, _words(keys)))] if keys else _all()
    matching = [facts for facts in chosen if _matches(facts, flags)]
    fmt = format_from(flags)
    put_text(_text(matching, fmt, told=bool(keys)), fmt)
    _say_what_is_not_known(chosen, flags)
    if not matching:
        say("no publisher matches all of these; leave one out")
    return OK if matching else NONE_MATCHES


def _new(keys: tuple[str, ...], into: str) -> int:
    if len(keys) != 1:
        raise UsageError("one key is needed", hint="like: rates providers new utopia")
    from rates.cli.skeleton import write

    sys.stdout.write(write(keys[0], into))
    return OK


def _all(quiet: bool = False) -> list[Facts]:
    """The facts of every publisher; one of another distribution that cannot be loaded is told, and left out."""
    found = []
    known = providers.keys()
    for key in known:
        try:
            found.append(providers.facts(key))
        except RatesError as error:
            if not quiet:
                say(f"rates: {error}")
    return found


def _words(given: Iterable[str]) -> list[str]:
    """What was typed, with commas or without."""
    return [word.strip() for part in given for word in part.split(",") if word.strip()]


def _wanted(flags: dict[str, Any]) -> list[str]:
    """The codes of --currency."""
    if not flags["currency"]:
        return []
    from rates.currencies import code

    return [code(word) for word in _words(flags["currency"])]


def _matches(facts: Facts, flags: dict[str, Any], *, but_currency: bool = False) -> bool:
    """Whether a publisher passes all filters."""
    countries = [word.upper() for word in _words(flags["country"])]
    regions = _places(flags["region"])
    return (
        (but_currency or all(facts.has(code) for code in _wanted(flags)))
        and (not countries or facts.country in countries)
        and (not regions or facts.region.lower() in regions or facts.part.lower() in regions)
        and (flags["key"] is None or (flags["key"] == "needed") == bool(facts.key_env))
        and (not flags["history"] or "range" in facts.answers)
        and (flags["kind"] is None or facts.kind == KINDS[flags["kind"]])
    )


def _places(given: Iterable[str]) -> list[str]:
    """The regions meant, in small letters; `UsageError` for one that is none."""
    known = {name.lower(): name for name in _regions()} if given else {}
    for word in (words := [word.lower() for word in _words(given)]):
        if word not in known:
            from rates.currencies import suggest

            otherwise = "regions are Africa, Americas, Asia, Europe, Oceania"
            raise UsageError(f"unknown region {quoted(word)}", hint=suggest(word.title(), known.values(), otherwise))
    return words


def _text(chosen: list[Facts], fmt: str, *, told: bool) -> str:
    """What is printed: rows for programs, a list for people, or all about each."""
    from rates.cli import facts as texts

    if fmt in MACHINE_FORMATS:
        return _rows([texts.row(facts) for facts in chosen], fmt)
    if not chosen:
        return ""
    if told and fmt == "simple":
        return "\n\n".join(texts.told(facts) for facts in chosen)
    if told:
        return "\n\n".join(_table(("fact", facts.key), list(texts.fields(facts).items()), fmt) for facts in chosen)
    return _table(texts.HEADERS, [texts.listed(facts) for facts in chosen], fmt)


def _table(headers: tuple[str, ...], lines: list[tuple[str, ...]], fmt: str) -> str:
    """A table in any format; the usual one without importing tabulate."""
    if fmt == "simple":
        from rates.cli.plain import simple

        return simple(headers, lines)
    from rates.present import rows

    return rows(headers, lines, fmt)


def _rows(objects: list[dict[str, Any]], fmt: str) -> str:
    from rates.cli.facts import row
    from rates.present import rows

    headers = tuple(objects[0] if objects else row(providers.facts("ecb")))
    return rows(headers, [tuple(entry.values()) for entry in objects], fmt)


def _say_what_is_not_known(chosen: list[Facts], flags: dict[str, Any]) -> None:
    """Says on stderr of whom it is not known whether they have the currency asked for."""
    if not flags["currency"]:
        return
    unknown = [facts.key for facts in chosen if not facts.seen and _matches(facts, flags, but_currency=True)]
    if unknown:
        say(f"not known which currencies these have: {', '.join(unknown)}")
