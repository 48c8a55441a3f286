"""Reads crash logs and compares their states with ClusterFuzz's own modules.

In, on stdin: {"logs": [text], "pairs": [[i, j]], "repeats": n}.
Out: {"crashes": [{type, state, security}], "joined": [bool], "seconds": fastest reading of all}.

A pair is joined under the conditions that ClusterFuzz documents for its grouping: the same security
flag; similar states; of bugs without consequences for security similar types too.
"""
import json
import sys
import time

from clusterfuzz import stacktraces
from clusterfuzz._internal.crash_analysis import crash_analyzer
from clusterfuzz._internal.crash_analysis.crash_comparer import CrashComparer


def read(parser, text):
    crash = parser.parse(text)
    security = crash_analyzer.is_security_issue(
        crash.crash_stacktrace, crash.crash_type, crash.crash_address)
    return {
        'type': crash.crash_type,
        'state': crash.crash_state,
        'security': bool(security),
    }


def joined(one, other):
    if one['security'] != other['security']:
        return False
    if not CrashComparer(one['state'], other['state']).is_similar():
        return False
    return one['security'] or CrashComparer(one['type'], other['type']).is_similar()


def main():
    asked = json.load(sys.stdin)
    parser = stacktraces.StackParser()
    seconds = None
    crashes = []
    for _ in range(asked['repeats']):
        begun = time.perf_counter()
        crashes = [read(parser, text) for text in asked['logs']]
        took = time.perf_counter() - begun
        seconds = took if seconds is None else min(seconds, took)
    pairs = [joined(crashes[i], crashes[j]) for i, j in asked['pairs']]
    json.dump({'crashes': crashes, 'joined': pairs, 'seconds': seconds}, sys.stdout)


main()
