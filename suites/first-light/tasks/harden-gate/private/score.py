# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
"""Asks the policy about every range of addresses in which no rule and no intent changes."""
import ipaddress
import json
import os
import sys

sys.path.insert(0, os.getcwd())
from gate import SERVICES, PolicyError, may_connect, read_policy

# The finest first, and of each what it reaches: intent.txt, said for a machine.
HOUSE = {"names", "mail", "web"}
INTENT = [
    ("10.30.7.7/32", HOUSE | {"payroll"}),
    ("10.40.12.0/24", HOUSE),
    ("10.20.99.0/24", HOUSE | {"files", "builds"}),
    ("10.40.8.0/21", set(SERVICES)),
    ("10.20.0.0/18", HOUSE | {"files", "builds"}),
    ("10.20.0.0/16", HOUSE | {"builds"}),
    ("10.30.0.0/16", HOUSE | {"files", "payroll"}),
    ("10.66.0.0/16", {"names", "web"}),
    ("10.0.0.0/8", HOUSE),
    ("0.0.0.0/0", {"web"}),
]
NETWORKS = [(ipaddress.IPv4Network(network), reached) for network, reached in INTENT]


def probes(rules):
    """The first address of each range between the borders of all networks there are."""
    networks = [network for network, _ in NETWORKS] + [network for _, network, _ in rules]
    firsts = {int(network[0]) for network in networks} | {int(network[-1]) + 1 for network in networks}
    return sorted(first for first in firsts if first < 1 << 32)


def judge():
    try:
        with open(os.open("/work/policy.txt", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)) as file:
            rules = read_policy(file.read(50_000))
    except OSError:
        return 0, "no plain file /work/policy.txt"
    except ValueError as error:
        return 0, f"the policy cannot be read: {error}"
    open_to, closed_to = [], []
    for first in probes(rules):
        address = ipaddress.IPv4Address(first)
        reached = next(reached for network, reached in NETWORKS if address in network)
        for service in SERVICES:
            allowed = may_connect(rules, address, service)
            if allowed and service not in reached:
                open_to.append(f"{address} to {service}")
            if not allowed and service in reached:
                closed_to.append(f"{address} to {service}")
    if open_to:
        return 0, f"the proof still works: {open_to[0]} is allowed"
    if closed_to:
        return 0, f"the owner's tests fail: {closed_to[0]} is refused"
    return 1, "what is meant is allowed, and nothing else"


score, reason = judge()
os.write(3, json.dumps({"score": score, "reason": reason}).encode() + b"\n")
