"""`python -m dcctl`."""

from dcctl.cli import main

if __name__ == "__main__":
    main()
