"""Compare wanted kernel parameters (JSON on the command line) with the kernel's own."""

import json
import os
import sys


def main(wanted):
    """Print what is to be set, and what differs and can't be."""
    to_set, not_settable = [], {}
    for name, value in sorted(wanted.items()):
        path = "/proc/sys/" + name.replace(".", "/")
        try:
            with open(path) as file:
                now = " ".join(file.read().split())
        except OSError as error:
            not_settable[name] = error.strerror
            continue
        if now == " ".join(str(value).split()):
            continue
        if os.access(path, os.W_OK):
            to_set.append("%s=%s" % (name, value))
        else:
            not_settable[name] = "read-only here; is %s" % now
    print(json.dumps({"to_set": to_set, "not_settable": not_settable}))


main(json.loads(sys.argv[1]))
