"""The elements' daemon: `python -m dcctl.lab.elements FOLDER READY HOLD` (two pipe ends)."""

import gc
import sys
from importlib import import_module
from pathlib import Path

if __name__ == "__main__":
    gc.disable()  # what is imported stays: looking for garbage in it is a quarter of the time
    daemon = import_module("dcctl.lab.elements.daemon")
    gc.freeze()
    gc.enable()
    sys.exit(daemon.main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
