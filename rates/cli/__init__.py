"""The command line: `main(argv)` runs a command and gives the exit status; nothing else reads arguments or exits.

Exit statuses: 0 success; 1 some bases failed; 2 wrong usage or settings; 3 nothing could be fetched; 70 a bug in rates;
130 interrupted. Each command is a module of this folder, imported when it is called.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from time import monotonic

import click

from rates._version import __version__
from rates.cli.terminal import discard, say

OK, SOME_FAILED, USAGE, NOTHING, BUG, INTERRUPTED = 0, 1, 2, 3, 70, 130

# Each command's line in `rates --help`, which must not import the commands.
COMMANDS = {
    "show": "Print tables of rates; the default command.",
    "convert": "Convert an amount into other currencies.",
    "rules": "List the rules of tax and customs law for conversions.",
    "history": "Show pairs over days, months or years: table, chart, export.",
    "consensus": "Compare publishers on one pair: median, spread, outliers.",
    "sync": "Fetch into the store what is missing there.",
    "store": "Show, check, export or prune the store of fetched rates.",
    "compare": "Compare modes: run the same fetches in each, and time them.",
    "providers": "List the publishers, or show one in full.",
    "doctor": "Check each publisher, and show what to do about failures.",
    "currencies": "List the currency codes, or show some in full.",
    "config": "Print a settings file that explains every setting.",
}

EPILOG = """\b
Examples:
  rates                          the bases of the settings, against each other
  rates USD --symbols EUR,GBP    one base, two symbols
  rates --offline USD EUR        without a network, from the ECB's history
  rates USD --provider ecb --on 2020-03-02
  rates USD EUR --format json | jq '.[0].rates.JPY'
  rates USD --from all           every publisher at once
  rates history EUR/USD --since 2024       table and chart
  rates consensus EUR/USD        how far they agree
  rates 100 USD to EUR           an amount: short for `rates convert`
  rates EUR/USD -q               the figure alone
  rates compare                  which mode of running the fetches is fastest

`rates [BASE]…` is short for `rates show [BASE]…`; `rates show --help` lists its options.

Exit status: 0 success, 1 some bases failed, 2 wrong usage, 3 nothing could be fetched, 130 interrupted.

\b
Shell completion (or with zsh_source, fish_source):
  eval "$(_RATES_COMPLETE=bash_source rates)"
"""


class LazyGroup(click.Group):
    """Imports a command when it is called; a line that names no command is one of `show`, or of `convert`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands, in the order of COMMANDS."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; imports it."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"rates.cli.{cmd_name}").command
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Puts `show` or `convert` before a line that names no command, unless it is empty and waits for completion."""
        named = args[0] in (*COMMANDS, "--help", "-h", "--version") if args else ctx.resilient_parsing
        if not named:
            args = ["convert" if self._begins_with_amount(ctx, args) else "show", *args]
        return super().parse_args(ctx, args)

    def _begins_with_amount(self, ctx: click.Context, args: list[str]) -> bool:
        """True if the first word that is neither an option nor its value is an amount: 100 USD EUR."""
        if not any(arg[:1] in "+-.€£₹₽₩₺₴" or arg[:1].isdigit() for arg in args):
            return False
        from rates.cli.typed import begins_amount

        if not any(map(begins_amount, args)):  # spares the import of `convert`
            return False
        valued, words = self._valued(ctx, "show") | self._valued(ctx, "convert"), iter(args)
        for word in words:
            if word in valued:
                next(words, None)
            elif not word.startswith("-") or begins_amount(word):
                return begins_amount(word)
        return False

    def _valued(self, ctx: click.Context, name: str) -> set[str]:
        """The options of a command that take a value."""
        command = self.get_command(ctx, name)
        assert command is not None
        return {
            option
            for param in command.params
            if isinstance(param, click.Option) and not param.is_flag
            for option in param.opts
        }

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The section of commands, from COMMANDS, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[click.shell_completion.CompletionItem]:
        """The commands, and the options and bases of `show`, whose name may be left out."""
        items = super().shell_complete(ctx, incomplete)
        show = self.get_command(ctx, "show")
        if show is None:
            return items
        if incomplete.startswith("-"):
            known = {item.value for item in items}
            return [*items, *(item for item in show.shell_complete(ctx, incomplete) if item.value not in known)]
        bases = next(param for param in show.params if param.name == "bases")
        return [*items, *bases.shell_complete(ctx, incomplete)]


@click.group(cls=LazyGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="rates %(version)s")
def group() -> None:
    """Exchange rates from the world's central banks and public APIs.

    Fetched concurrently, kept exact, printed with their publisher, day and age.
    """


def main(argv: Sequence[str] | None = None, *, began: float | None = None) -> int:
    """Runs a command line, by default the process's own, and gives its exit status.

    began: the monotonic time at which the process started, from which `--deadline` counts; by default now.
    """
    try:
        status = _run(sys.argv[1:] if argv is None else list(argv), monotonic() if began is None else began)
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        say("\nrates: interrupted")  # the terminal leaves its ^C on an unfinished line
        return INTERRUPTED
    except BrokenPipeError:  # the reader has closed the pipe (`rates | head -1`)
        discard(sys.stdout)
        return OK
    except OSError as error:
        discard(sys.stdout)
        say(f"rates: {_os_error(error)}")
        return NOTHING


def _run(args: list[str], began: float) -> int:
    """Runs a command line, and prints each known error as one line.

    click's own `main` is not used, because it gives the status 1 for a closed pipe.
    """
    try:
        if _COMPLETE in os.environ:
            return _complete()
        with group.make_context("rates", args, obj=began) as context:
            status = group.invoke(context)
        return status if isinstance(status, int) else OK
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        say(f"rates: {_usage(error)}")
        return error.exit_code
    except OSError:
        raise
    except Exception as error:
        from rates.errors import InternalError, RatesError, UsageError, unexpected

        named = error if isinstance(error, RatesError) else unexpected(error)
        if isinstance(named, InternalError):
            say(f"rates: this is a bug in rates, please report it: {type(error).__name__}: {error}")
            return BUG
        say(f"rates: {named}")
        return USAGE if isinstance(named, UsageError) else NOTHING


_COMPLETE = "_RATES_COMPLETE"  # the variable by which a shell asks for completion


def _complete() -> int:
    """Prints completions for the shell."""
    from click.shell_completion import shell_complete

    try:
        return shell_complete(group, {}, "rates", _COMPLETE, os.environ[_COMPLETE])
    except (KeyError, ValueError) as error:  # set by hand, without the variables that a shell sets with it
        detail = f"{_COMPLETE} is for the shell, which sets COMP_WORDS and COMP_CWORD too"
        raise click.UsageError(detail) from error


def _usage(error: click.ClickException) -> str:
    """Click's error about wrong usage as one sentence, with what to do."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    if isinstance(error, click.NoSuchOption) and context is not None:
        hint = _instead_of(error.option_name, context) or f"see {context.command_path} --help"
        return f"no such option: {error.option_name}; {hint}"
    message = error.format_message().rstrip(".")
    hint = f"; see {context.command_path} --help" if context is not None and ";" not in message else ""
    return f"{message[:1].lower()}{message[1:]}{hint}"


_RULE = "a history has the published days alone; look one day up with: rates convert 1 EUR USD --on DAY"
# What stands in a command for an option of others.
_INSTEAD = {
    ("history", "--on"): "a history has a range of days: --since DAY --until DAY",
    ("history", "--when"): f"{_RULE} --when next",
    ("history", "--max-age"): f"{_RULE} --max-age 3",
    ("history", "--symbols"): "name the pairs, like EUR/USD,GBP",
    ("sync", "--provider"): "name the providers alone: rates sync ecb nbp",
    ("sync", "--from"): "name the groups alone: rates sync europe",
    ("sync", "--no-store"): "a sync is what fills the store; another one is named with --store",
    ("convert", "--symbols"): "name the currencies alone: rates convert 100 USD EUR GBP",
}


def _instead_of(option: str, context: click.Context) -> str:
    """What to do in place of an option that the command does not have; "" if that is not known."""
    from rates.errors import suggest

    command = context.command.name or ""
    if (command, option) in _INSTEAD:
        return _INSTEAD[command, option]
    if command in COMMANDS:
        for other in COMMANDS:
            if option in _options(import_module(f"rates.cli.{other}").command, context):
                return f"rates {other} has it: rates {other} {option} …"
    known = [name[2:] for name in _options(context.command, context)]
    return suggest(option.lstrip("-"), known).replace("mean ", "mean --").replace(" or ", " or --")


def _options(command: click.Command, context: click.Context) -> list[str]:
    """The long options of a command."""
    return [name for param in command.get_params(context) for name in param.opts if name[:2] == "--"]


def _os_error(error: OSError) -> str:
    """The system's error as a sentence; without a file name, a write error is about the output."""
    if error.errno in _OUTPUT and error.filename is None:
        return f"cannot write the output: {error.strerror}"
    what = error.strerror or str(error)
    return f"the operating system reports: {f'{error.filename}: {what}' if error.filename else what}"


_OUTPUT = (errno.EBADF, errno.EDQUOT, errno.EFBIG, errno.EINVAL, errno.EIO, errno.ENOSPC)
