"""The command line: `main(argv)` gives the exit status, and is the only reader of arguments and the only exit.

Exit statuses: 0 all well; 1 some bases failed; 2 a wrong question or setting; 3 nothing could be fetched; 70 a fault
of ours; 130 interrupted. Each command is a module of this folder, imported when it is called.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from time import monotonic
from typing import TextIO

import click

from rates._version import __version__

OK, SOME_FAILED, USAGE, NOTHING, FAULT, INTERRUPTED = 0, 1, 2, 3, 70, 130

# Name -> one line of help; here, so that `rates --help` imports none of them.
COMMANDS = {
    "show": "Print tables of rates (what `rates` without a command does).",
    "convert": "Convert an amount into other currencies.",
    "consensus": "Compare what publishers say for a pair, and who lies outside.",
    "compare": "Run the same fetches in several modes and compare their times.",
    "providers": "List the publishers, or all that is known of one.",
    "doctor": "Ask each publisher once, and tell what ails it.",
    "currencies": "List the currency codes, or all that is known of one.",
    "config": "Print the settings file with every setting explained.",
}

EPILOG = """\b
Examples:
  rates                            the configured bases, each against the others
  rates USD --symbols EUR,GBP      one base, two symbols
  rates --offline USD EUR          without a network, from the ECB's history
  rates USD --provider ecb --on 2020-03-02
  rates USD EUR --format json | jq '.[0].rates.JPY'
  rates USD --from all             every publisher at once
  rates consensus EUR/USD          how far they agree
  rates convert 100 USD EUR
  rates compare                    which way of running the fetches is best

\b
`rates [BASE]…` is short for `rates show [BASE]…`; see `rates show --help` for its options.

\b
Exit status: 0 all well, 1 some bases failed, 2 wrong usage, 3 nothing could be fetched, 130 interrupted.
Shell completion: eval "$(_RATES_COMPLETE=bash_source rates)", or zsh_source, or fish_source.
"""


class Front(click.Group):
    """Commands loaded when called; anything else on the line belongs to `show`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"rates.cli.{cmd_name}").command
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Puts `show` before a line that names no command; one that is still to be completed may yet name one."""
        named = args[0] in (*COMMANDS, "--help", "-h", "--version") if args else ctx.resilient_parsing
        if not named:
            args = ["show", *args]
        return super().parse_args(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table of commands, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[click.shell_completion.CompletionItem]:
        """Commands, and what `show` takes, since its name may be left out."""
        items = super().shell_complete(ctx, incomplete)
        show = self.get_command(ctx, "show")
        if show is None:
            return items
        if incomplete.startswith("-"):
            known = {item.value for item in items}
            return [*items, *(item for item in show.shell_complete(ctx, incomplete) if item.value not in known)]
        bases = next(param for param in show.params if param.name == "bases")
        return [*items, *bases.shell_complete(ctx, incomplete)]


@click.group(cls=Front, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="rates %(version)s")
def group() -> None:
    """Exchange rates from the world's central banks and public APIs.

    Fetched concurrently, kept exact, printed with their publisher, day and age.
    """


def main(argv: Sequence[str] | None = None, *, began: float | None = None) -> int:
    """Runs a command line (that of the process by default) and gives its exit status.

    began: when the user pressed enter, by the monotonic clock, for a deadline that is the user's; now without it.
    """
    try:
        status = _run(sys.argv[1:] if argv is None else list(argv), monotonic() if began is None else began)
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        say("\nrates: interrupted")  # the terminal's own ^C stands on a line without end
        return INTERRUPTED
    except BrokenPipeError:  # the reader has what it wanted (`rates | head -1`)
        _mute(sys.stdout)
        return OK
    except OSError as error:
        _mute(sys.stdout)
        say(f"rates: {_refused(error)}")
        return NOTHING


def _run(args: list[str], began: float) -> int:
    """The same, with errors that have a name told in one line each.

    Not by click's own `main`, which answers a closed pipe with the status 1.
    """
    try:
        return _completed() if _COMPLETE in os.environ else _invoked(args, began)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        _show(error)
        return error.exit_code
    except OSError:
        raise
    except Exception as error:
        from rates.errors import RatesError, UsageError

        if not isinstance(error, RatesError):
            say(f"rates: this is a fault of ours, please report it: {type(error).__name__}: {error}")
            return FAULT
        say(f"rates: {error}")
        return USAGE if isinstance(error, UsageError) else NOTHING


_COMPLETE = "_RATES_COMPLETE"  # the variable in which the shell asks for completion


def _completed() -> int:
    """Answers the shell."""
    from click.shell_completion import shell_complete

    try:
        return shell_complete(group, {}, "rates", _COMPLETE, os.environ[_COMPLETE])
    except (KeyError, ValueError) as error:  # by hand, without what the shell says beside it
        told = f"{_COMPLETE} is for the shell, which sets COMP_WORDS and COMP_CWORD too"
        raise click.UsageError(told) from error


def _invoked(args: list[str], began: float) -> int:
    """Calls the command that is meant."""
    with group.make_context("rates", args, obj=began) as context:
        status = group.invoke(context)
    return status if isinstance(status, int) else OK


def put_text(text: str, fmt: str = "simple") -> None:
    """Text on standard output, with a line end and at once; the usual format so that it fits a terminal."""
    if text:
        text = text.rstrip("\n")
        sys.stdout.write((_fitted(text, sys.stdout) if fmt == "simple" else text) + "\n")
    sys.stdout.flush()


def say(message: str) -> None:
    """A message on stderr, so that it fits a terminal; that nobody listens there is no reason to fail."""
    try:
        click.echo(_fitted(message, sys.stderr), err=True)
    except OSError:
        _mute(sys.stderr)


def _fitted(text: str, stream: TextIO | None) -> str:
    """The text as the stream can show it; what is no terminal does not even import how."""
    if stream is None or not stream.isatty():
        return text
    from rates.cli.fit import fitted

    return fitted(text, stream)


def _show(error: click.ClickException) -> None:
    """Click's own message of wrong usage, on stderr too."""
    try:
        error.show()
    except OSError:
        _mute(sys.stderr)


def _mute(stream: TextIO) -> None:
    """Lets what the stream still holds vanish, since the interpreter would try to write it once more at its end."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        stream.flush()
    except (OSError, ValueError):  # it has no number, or is closed
        pass


def _refused(error: OSError) -> str:
    """What the operating system refused, as a sentence; where no file is named, it is the output."""
    if error.errno in _OUTPUT and error.filename is None:
        return f"cannot write the output: {error.strerror}"
    what = error.strerror or str(error)
    return f"the operating system refuses: {f'{error.filename}: {what}' if error.filename else what}"


_OUTPUT = (errno.EBADF, errno.EDQUOT, errno.EFBIG, errno.EINVAL, errno.EIO, errno.ENOSPC)
