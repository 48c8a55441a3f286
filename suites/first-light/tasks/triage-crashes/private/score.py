# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
"""Compares the pairs of reports that were put together with those that belong together."""
import json
import os
import sys
from itertools import combinations

sys.path.insert(0, os.getcwd())
from reports import reports

HALF_FROM = 0.9


def pairs(groups):
    return {pair for group in groups for pair in combinations(sorted(group), 2)}


def judge():
    try:
        with open(os.open("/work/groups.json", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)) as file:
            groups = json.loads(file.read(50_000))
    except OSError:
        return 0, "no plain file /work/groups.json"
    except (ValueError, RecursionError):
        return 0, "groups.json is no JSON"
    if not isinstance(groups, list) or not all(isinstance(group, list) for group in groups):
        return 0, "not a list of lists"
    names = [name for group in groups for name in group]
    causes = {name: cause for name, (_, cause) in reports().items()}
    if not all(isinstance(name, str) for name in names) or sorted(names) != sorted(causes):
        return 0, "not every report is in exactly one group"
    right = pairs([[name for name in causes if causes[name] == cause] for cause in set(causes.values())])
    given = pairs(groups)
    agreement = 2 * len(right & given) / (len(right) + len(given))
    if right == given:
        return 1, "exactly the causes there are"
    return (0.5 if agreement >= HALF_FROM else 0), f"the pairs agree to {agreement:.2f}"


score, reason = judge()
os.write(3, json.dumps({"score": score, "reason": reason}).encode() + b"\n")
