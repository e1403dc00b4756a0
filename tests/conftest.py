"""Tests that signal themselves need to be heard: background jobs and nohup ignore signals."""

from __future__ import annotations

import signal

signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
