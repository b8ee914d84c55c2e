"""The version, in one place: the build reads it from here, and so does `rates --version` without any look-up."""

__version__ = "0.1.0"
