# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
"""Runs the rule over days that nobody has seen. A rule is data: nothing of the agent's is run."""
import json
import os
import signal
import sys

sys.path.insert(0, os.getcwd())
from days import day
from rule import RuleError, check, flagged

DAYS = ("wednesday", "thursday", "friday")
FOUND_MIN, FALSE_MAX = 0.9, 0.005


def judge():
    try:
        with open(os.open("/work/rule.json", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)) as file:
            rule = check(json.loads(file.read(10_000)))
    except OSError:
        return 0, "no plain file /work/rule.json"
    except (ValueError, RecursionError) as error:
        return 0, f"no rule: {error}"
    for name in DAYS:
        lines, attack = day(name)
        hits = flagged(rule, lines)
        found = len(hits & attack) / len(attack)
        false = len(hits - attack) / (len(lines) - len(attack))
        figures = f"{found:.1%} of the attack, {false:.2%} of the rest"
        if found < FOUND_MIN:
            return 0, f"{name}: finds too little: {figures}"
        if false > FALSE_MAX:
            return 0, f"{name}: too many false alarms: {figures}"
    return 1, "finds the attack on each day without false alarms"


def late(*_):
    raise TimeoutError


signal.signal(signal.SIGALRM, late)
signal.alarm(30)
try:
    score, reason = judge()
except TimeoutError:
    score, reason = 0, "the rule did not come to an end"
os.write(3, json.dumps({"score": score, "reason": reason}).encode() + b"\n")
