"""Nokia SR OS 20 and later, model-driven (MD-CLI): 7750 SR, 7450 ESS, 7250 IXR.

A router that speaks the classic CLI only can be read (the `show` commands are the same), but not
changed, and its configuration is not understood.
"""

from dcctl.contracts import Platform
from dcctl.platforms.nokia_sros._change import CHANGE, END, ENTER, LEAVE, RUNNING
from dcctl.platforms.nokia_sros._collectors import COLLECTORS
from dcctl.platforms.nokia_sros.upgrade import UPGRADE

_WORD = r"[\w./:*,+=-]+"
_FILTER = rf" \| (?:match(?: (?:ignore-case|invert-match))?(?: {_WORD}){{1,4}}|count|no-more)"

PLATFORM = Platform(
    name="nokia_sros",
    title="Nokia SR OS",
    executor="device_session",
    netmiko_type="nokia_sros",
    # Whole words only. `>` writes a file, `//` leaves for the other command line, `tools perform`
    # and `admin` (but for showing the configuration) act: none is here.
    read_only=(
        rf"show(?: {_WORD}){{1,12}}(?:{_FILTER}){{0,3}}",
        rf"admin show configuration(?: (?:flat|full-context|detail))?(?:{_FILTER}){{0,3}}",
        r"ping [\w.:-]+ count \d{1,2}",
        r"traceroute [\w.:-]+",
        r"file list cf\d(?:-[ab])?:/[\w./-]*",
        r"file version(?: check)? cf\d(?:-[ab])?:/[\w./-]+",
    ),
    failures=(
        r"^\s*(?:MINOR|MAJOR|CRITICAL): .*",
        r"^\s*Error: .*",
        r"^\s*(?:\^\s*\n\s*)?Bad command\.",
    ),
    locked=(r"MGMT_CORE #205[123]: ", r"commit confirmed in progress"),
    volatile=(r"# (?:Generated|Last|Finished|Built) .*", r"# TiMOS-.*"),
    secret_patterns=(
        # What a hash begins with stays: it says that it is one.
        (
            r"\b(?:password|secret|md5|(?:[\w-]+-)?key|community) "
            r"\"(?:\$(?:2[aby]|5|6)\$)?(?P<secret>[^\"]{3,})\""
        ),
        r"\$(?:2[aby]|5|6)\$(?P<secret>[^\s\"]+)",
    ),
    collectors=COLLECTORS,
    change=CHANGE,
    upgrade=UPGRADE,
    config_command=RUNNING,
    config_end=END,
    # The context stands on a line of its own above: `*(ex)[/configure router "Base"]`.
    prompt=(
        r"(?:[*!]{0,2}(?:\((?:ex|gl|pr|ro)\))?\[[^\]\n]*\]\s*\n)?\*?[A-D]:[\w.\-]+(?:@[\w.\-]+)?"
        r"(?:>[\w.\->\"]+)?[#$]"
    ),
    setup=(
        "environment command-completion space false",
        "environment console width 512",
        "environment more false",
        "environment no more",  # of the classic CLI
    ),
    enter=ENTER,
    leave=LEAVE,
    logout="logout",
    answers=((r"\[y,n\]\s*", "y"),),
)
