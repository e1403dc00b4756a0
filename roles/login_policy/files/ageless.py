"""Names of the accounts that have a password which may grow older than so many days."""

import sys

with open("/etc/shadow", encoding="utf-8") as file:
    for line in file:
        name, password, _changed, _least, most = line.split(":")[:5]
        # An account without a password has none that could age: it would be shut out on the day.
        if password.startswith("$") and (not most or int(most) > int(sys.argv[1])):
            print(name)
