"""dcctl: build, check and prove the infrastructure of a data centre and its sites."""

from importlib import metadata

try:
    __version__ = metadata.version("dcctl")
except metadata.PackageNotFoundError:  # running from a tree that was never installed
    __version__ = "0+unknown"
