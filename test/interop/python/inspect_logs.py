"""Inspect itself: `read` tells what it finds in logs, `run` makes logs with scripted answers."""

import json
import math
import sys

from inspect_ai import Epochs, Task, eval
from inspect_ai.dataset import Sample
from inspect_ai.log import read_eval_log, read_eval_log_sample_summaries, recompute_metrics
from inspect_ai.model import ModelAPI, ModelOutput, get_model
from inspect_ai.scorer import Score, accuracy, includes, mean, scorer, stderr, std, var
from inspect_ai.solver import generate, use_tools
from inspect_ai.tool import tool


def plain(value):
    """NaN as a word: JSON has none."""
    return "NaN" if isinstance(value, float) and math.isnan(value) else value


def figures(log):
    return [
        [score.name, score.reducer, metric.name, plain(metric.value)]
        for score in log.results.scores
        for metric in score.metrics.values()
    ]


def read(path):
    log = read_eval_log(path, resolve_attachments=True)
    told = figures(log)
    reductions = [
        [each.scorer, each.reducer, [plain(s.value) for s in each.samples]]
        for each in log.reductions or []
    ]
    recompute_metrics(log)
    return {
        "status": log.status,
        "task": log.eval.task,
        "samples": [
            {
                "id": sample.id,
                "epoch": sample.epoch,
                "values": {name: plain(score.value) for name, score in sample.scores.items()},
                "messages": [message.text for message in sample.messages],
                "events": [event.event for event in sample.events],
                "inputs": [len(e.input) for e in sample.events if e.event == "model"],
            }
            for sample in sorted(log.samples, key=lambda each: (str(each.id), each.epoch))
        ],
        "summaries": len(read_eval_log_sample_summaries(path)),
        "reductions": reductions,
        "figures": told,
        "recomputed": figures(log),
    }


async def count_text_tokens(self, text):
    """In place of a table of tokens that would be fetched from a third party."""
    return len(text) // 4


ModelAPI.count_text_tokens = count_text_tokens


@tool
def look():
    async def execute(place: str) -> str:
        """Looks.

        Args:
            place: Where.
        """
        return f"nothing at {place} " * 20

    return execute


@scorer(metrics={"*": [mean(), stderr()]})
def parts():
    async def score(state, target):
        right = target.text in state.output.completion
        return Score(value={"right": 1 if right else 0, "words": len(state.output.completion)})

    return score


@scorer(metrics=[mean(), std(), var(), stderr(cluster="family")])
def unsure():
    async def score(state, target):
        nothing = state.sample_id == "c" and state.epoch == 1
        return Score(value=float("nan") if nothing else 0.25 * state.epoch + len(state.sample_id))

    return score


def answers():
    for i in range(100):
        yield ModelOutput.for_tool_call("mockllm/model", "look", {"place": f"/{i}"})
        yield ModelOutput.from_content("mockllm/model", "yes" if i % 3 else "no" * 80)


def run(folder, log_format):
    names = ["a", "b", "c", "dd"]
    task = Task(
        name="scripted",
        dataset=[
            Sample(input=f"Is it {n}?", target="yes", id=n, metadata={"family": len(n)})
            for n in names
        ],
        solver=[use_tools(look()), generate()],
        scorer=[includes(), parts(), unsure()],
        epochs=Epochs(3, ["mean", "median", "mode", "max"]),
    )
    single = Task(
        name="passes",
        dataset=[Sample(input=f"Is it {n}?", target="yes", id=n) for n in names],
        solver=[use_tools(look()), generate()],
        scorer=[includes()],
        epochs=Epochs(4, ["pass_at_2", "at_least_2", "pass_k_2", "mean"]),
        metrics=[accuracy(), stderr()],
    )
    return [
        eval(
            each,
            model=get_model("mockllm/model", custom_outputs=answers()),
            log_dir=folder,
            log_format=log_format,
            display="none",
            max_samples=1,
        )[0].location
        for each in [task, single]
    ]


[how, *args] = sys.argv[1:]
print(json.dumps([read(path) for path in args] if how == "read" else run(*args)))
