"""Runs every benchmark of this folder: each module that has a `main(arguments)`."""

from __future__ import annotations

import importlib
import pkgutil
import sys

from tests import benchmarks

for module in pkgutil.iter_modules(benchmarks.__path__):
    if not module.name.startswith("_"):
        run = getattr(importlib.import_module(f"tests.benchmarks.{module.name}"), "main", None)
        if run is not None:
            run(sys.argv[1:])
