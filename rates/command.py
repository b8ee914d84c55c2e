"""The commands `rates` and `fetch-rates`: whether the package is ours, then `rates.__main__`.

The index has another distribution called `rates`, with a package and a command of that name. Installed later into the
same environment it replaces files of this package, and removed again it leaves holes.
"""

from __future__ import annotations

import sys


def main() -> int:
    """Runs the process's command line and gives its exit status; 2, with a sentence, if the package is not ours."""
    import rates

    if "fetch_rates" not in getattr(rates, "__all__", ()):  # a look-up would import it
        print(f"rates: {_owner()}", file=sys.stderr)
        return 2
    from rates.__main__ import main as run

    return run()


def _owner() -> str:
    """Which distribution has replaced the package, and what to do."""
    from importlib.metadata import packages_distributions, version

    others = [name for name in packages_distributions().get("rates", ()) if name != "fetch-rates"]
    if not others:
        return "files of fetch-rates are missing; repair it with: pip install --force-reinstall fetch-rates"
    named = " and ".join(f"{name} {version(name)}" for name in dict.fromkeys(others))
    advice = "install one of the two elsewhere, as with: pipx install fetch-rates"
    return f"the distribution {named} has replaced the package of fetch-rates; {advice}"
