"""The process that runs ansible-runner: it imports nothing of ours; its environment is a whitelist.

Started as a script: `_child.py PRIVATE_FOLDER`. What to run stands in that folder (`args`,
`env/settings`); events go to standard output, one JSON object a line; the end of standard input
means that the parent is gone. The folder holds secrets: it is removed here too, so that a parent
killed with -9 leaves none.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import sys
import threading
import time
from typing import Any

GRACE_S = 15.0  # between asking Ansible to end and killing it
_KEPT = ("event", "counter", "created", "stdout", "event_data")
_SILENT = {"runner_on_file_diff"}  # its diff is in the result already


class Stopping:
    """Ends Ansible gently: runner kills a process group, which Ansible's workers have left."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.playbook_pid: int | None = None
        self._since: float | None = None

    def __call__(self) -> bool:
        """Runner's cancel_callback; true means that runner should kill what is left."""
        if not self.asked.is_set():
            return False
        if self.playbook_pid is None:  # no event yet, so no worker either
            return True
        if self._since is None:
            self._since = time.monotonic()
            try:
                os.kill(self.playbook_pid, signal.SIGTERM)
            except ProcessLookupError:
                return True
        return time.monotonic() - self._since > GRACE_S


def main(private: str) -> int:
    """Run the playbook of `private`, tell its events, and leave nothing behind."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints is no event
    stopping = Stopping()
    signal.signal(signal.SIGTERM, lambda *_: stopping.asked.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt means
    threading.Thread(target=_watch_parent, args=(stopping,), daemon=True).start()
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    writer = threading.Thread(target=_write, args=(lines, out, stopping), daemon=True)
    writer.start()
    try:
        result = _run(private, lines, stopping)
    finally:
        lines.put(None)
        writer.join()
        if stopping.asked.is_set():
            shutil.rmtree(private, ignore_errors=True)
    return result


def _run(private: str, lines: queue.SimpleQueue[str | None], stopping: Stopping) -> int:
    import ansible_runner

    def on_event(event: dict[str, Any]) -> bool:
        # Only enqueues: runner swallows an OSError raised here, and a slow handler loses events.
        if event.get("pid"):
            stopping.playbook_pid = event["pid"]
        if event.get("event") not in _SILENT:
            lines.put(json.dumps({key: event.get(key) for key in _KEPT}))
        return False  # no file an event

    runner = ansible_runner.run(
        private_data_dir=private,
        ident="run",
        event_handler=on_event,
        cancel_callback=stopping,
        quiet=True,
        fact_cache_type="none",
    )
    lines.put(json.dumps({"event": "dcctl_end", "rc": runner.rc, "status": runner.status}))
    return 0


def _write(lines: queue.SimpleQueue[str | None], out: Any, stopping: Stopping) -> None:
    while (line := lines.get()) is not None:
        try:
            out.write(line + "\n")
            out.flush()
        except OSError:  # nobody reads any more
            stopping.asked.set()
            return


def _watch_parent(stopping: Stopping) -> None:
    while os.read(0, 1024):
        pass
    stopping.asked.set()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
