import sys

def field(record, at):
    return record[at]

def parse(at):
    return field({"a": 1}, at)

def deep(n):
    return deep(n + 1)

def run(how):
    if how == "k":
        return parse("b")
    if how == "o":
        return deep(0)
    try:
        return parse("c")
    except KeyError as error:
        raise ValueError("no such record") from error

run(sys.argv[1])
