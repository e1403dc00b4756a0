"""What IOS XE shows before the cursor, and says of a line that it does not take."""

from __future__ import annotations

from dcctl.lab.elements.grammar import Match
from dcctl.lab.elements.model import Element, Terminal
from dcctl.lab.elements.tree import value
from dcctl.lab.systems.cisco_xe import config
from dcctl.lab.systems.cisco_xe.commands import PROMPTS


def prompt(element: Element, terminal: Terminal) -> str:
    """What stands before the cursor."""
    if terminal.pending:
        return terminal.question
    name = value(element.running, "hostname", "Router")
    if terminal.mode == "exec":
        return f"{name}{'#' if terminal.privilege > 1 else '>'}"
    mode = config.modes(terminal.path)[-1]
    return f"{name}({PROMPTS.get(mode, mode)})#"


def complaint(element: Element, terminal: Terminal, match: Match, line: str) -> str:
    """What IOS says of a line that it does not take."""
    if match.error == "ambiguous":
        return f'% Ambiguous command:  "{line.strip()}"\n'
    if match.error == "incomplete" and len(match.words) == 1 and terminal.mode == "exec":
        return f'% Type "{match.words[0]} ?" for a list of subcommands\n'
    if match.error == "incomplete":
        return "% Incomplete command.\n\n"
    column = len(prompt(element, terminal)) + match.column
    return f"{' ' * column}^\n% Invalid input detected at '^' marker.\n\n"
