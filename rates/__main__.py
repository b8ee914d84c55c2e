"""`python -m rates`: the same as the command `rates`."""

from rates.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
