"""Joins stdin and stdout to a unix socket; a program of its own, with nothing but Python's own."""

import os
import selectors
import socket
import sys

_CHUNK = 65536


def main(place: str) -> None:
    """Pass on both ways until the far side has ended."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as far:
        far.connect(place)
        ready = selectors.DefaultSelector()
        ready.register(0, selectors.EVENT_READ)
        ready.register(far, selectors.EVENT_READ)
        while True:
            for key, _ in ready.select():
                if key.fd == 0:
                    data = os.read(0, _CHUNK)
                    if data:
                        far.sendall(data)
                    else:
                        ready.unregister(0)
                        far.shutdown(socket.SHUT_WR)
                    continue
                data = far.recv(_CHUNK)
                if not data:
                    return
                while data:
                    data = data[os.write(1, data) :]


if __name__ == "__main__":
    main(sys.argv[1])
