"""Decides by a policy who may open a connection: python3 gate.py policy.txt SOURCE SERVICE

A line of a policy is

    allow|deny  from NETWORK|anywhere  to SERVICE[,SERVICE…]|everything

Empty lines and what follows a # count for nothing. The first line that fits decides; where none
fits, the answer is no.
"""
import ipaddress
import sys

SERVICES = ("web", "mail", "names", "files", "builds", "payroll", "console")
LINES_MAX = 100


class PolicyError(ValueError):
    """The policy cannot be read."""


def read_policy(text):
    rules = []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split("#")[0].split()
        if not words:
            continue
        if len(words) != 5 or words[0] not in ("allow", "deny") or words[1::2] != ["from", "to"]:
            raise PolicyError(f"line {number}: allow|deny from NETWORK to SERVICES")
        try:
            network = ipaddress.IPv4Network("0.0.0.0/0" if words[2] == "anywhere" else words[2])
        except ValueError as error:
            raise PolicyError(f"line {number}: {error}") from error
        services = SERVICES if words[4] == "everything" else tuple(words[4].split(","))
        if not set(services) <= set(SERVICES):
            raise PolicyError(f"line {number}: the services are {', '.join(SERVICES)}")
        rules.append((words[0] == "allow", network, services))
    if len(rules) > LINES_MAX:
        raise PolicyError(f"a policy has at most {LINES_MAX} rules")
    return rules


def may_connect(rules, source, service):
    address = ipaddress.IPv4Address(source)
    for allowed, network, services in rules:
        if address in network and service in services:
            return allowed
    return False


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        policy = read_policy(file.read())
    print("yes" if may_connect(policy, sys.argv[2], sys.argv[3]) else "no")
