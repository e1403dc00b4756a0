"""The elements' daemon: `python -m dcctl.lab.elements FOLDER READY HOLD` (two pipe ends)."""

import sys
from pathlib import Path

from dcctl.lab.elements.daemon import main

if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
