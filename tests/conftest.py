"""Tests that send themselves an interrupt need one: a shell's background jobs ignore it."""

from __future__ import annotations

import signal

signal.signal(signal.SIGINT, signal.default_int_handler)
