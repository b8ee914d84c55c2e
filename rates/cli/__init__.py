"""The command line: `main(argv)` gives the exit status, and is the only reader of arguments and the only exit.

Exit statuses: 0 all well; 1 some bases failed; 2 a wrong question or setting; 3 nothing could be fetched; 70 a fault
of ours; 130 interrupted. Each command is a module of this folder, imported when it is called.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from rates._version import __version__

OK, SOME_FAILED, USAGE, NOTHING, FAULT, INTERRUPTED = 0, 1, 2, 3, 70, 130

# Name -> one line of help; here, so that `rates --help` imports none of them.
COMMANDS = {
    "show": "Print tables of rates (what `rates` without a command does).",
    "convert": "Convert an amount into other currencies.",
    "compare": "Run the same fetches in several modes and compare their times.",
    "providers": "List the publishers, or all that is known of one.",
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
        """Puts `show` before a line that names no command."""
        if not args or (args[0] not in COMMANDS and args[0] not in ("--help", "-h", "--version")):
            args = ["show", *args]
        return super().parse_args(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table of commands, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[click.shell_completion.CompletionItem]:
        """Commands, and what `show` takes, since its name may be left out."""
        show = self.get_command(ctx, "show")
        items = [] if incomplete.startswith("-") else super().shell_complete(ctx, incomplete)
        if show is not None:
            from rates.cli.options import complete_codes

            items += show.shell_complete(ctx, incomplete) if incomplete.startswith("-") else []
            items += [] if incomplete.startswith("-") else complete_codes(incomplete)
        return items


@click.group(cls=Front, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="rates %(version)s")
def group() -> None:
    """Exchange rates from the world's central banks and public APIs.

    Fetched concurrently, kept exact, printed with their publisher, day and age.
    """


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a command line (that of the process by default) and gives its exit status."""
    try:
        status = _run(argv)
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        _say("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has what it wanted (`rates | head -1`); the interpreter must not try to flush again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except OSError as error:
        _say(f"cannot write the output: {error.strerror or error}")
        return NOTHING


def _run(argv: Sequence[str] | None) -> int:
    """The same, with errors that have a name told in one line each."""
    try:
        status = group.main(None if argv is None else list(argv), "rates", standalone_mode=False)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.Abort:
        raise KeyboardInterrupt from None
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except Exception as error:
        from rates.errors import RatesError, UsageError

        if not isinstance(error, RatesError):
            if isinstance(error, OSError):
                raise
            _say(f"this is a fault of ours, please report it: {type(error).__name__}: {error}")
            return FAULT
        _say(str(error))
        return USAGE if isinstance(error, UsageError) else NOTHING
    return status if isinstance(status, int) else OK


def _say(message: str) -> None:
    """One line on stderr, named as tools do."""
    try:
        click.echo(f"rates: {message}", err=True)
    except OSError:
        pass  # nobody listens there either
