#!/bin/sh
# Keeps the loaded rules, or puts them back (role firewall).
set -e
kept=/var/lib/dcctl/revert/firewall.nft
case "$1" in
keep)
    { echo 'flush ruleset'; nft list ruleset; } >"$kept.new"
    mv "$kept.new" "$kept"
    ;;
revert)
    nft -f "$kept"
    ;;
esac
