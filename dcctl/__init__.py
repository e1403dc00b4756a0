"""dcctl: build, check and prove the infrastructure of a data centre and its sites."""

from typing import Any


def __getattr__(name: str) -> Any:
    """`__version__`, looked up when asked for: that imports more than all of our help."""
    if name != "__version__":
        raise AttributeError(name)
    from importlib import metadata

    try:
        return metadata.version("dcctl")
    except metadata.PackageNotFoundError:  # running from a tree that was never installed
        return "0+unknown"
