"""Calls the gateway with the official clients of PyPI; prints what they made of its answers."""

import json
import os

import anthropic
import openai

BASE, KEY = os.environ["BREAKWATER_GATEWAY"], os.environ["GATEWAY_KEY"]
SPENT, SPENT_KEY = os.environ["SPENT_GATEWAY"], os.environ["SPENT_KEY"]
WRONG = "bwg_" + "A" * 43
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg=="
)
SCHEMA = {"type": "object", "properties": {"at": {"type": "string"}}, "required": ["at"]}
ASK = [{"role": "user", "content": "What is wrong here?"}]


def fault(call):
    try:
        call()
    except (openai.APIStatusError, anthropic.APIStatusError) as error:
        return error
    raise AssertionError("expected a refusal")


def late(call):
    error = fault(call)
    return {
        "class": type(error).__name__,
        "status": error.status_code,
        "retry_after": error.response.headers.get("retry-after"),
    }


def of_openai():
    def client(base=BASE, key=KEY):
        return openai.OpenAI(base_url=f"{base}/v1", api_key=key, max_retries=0)

    def chat(of, model="fake", **more):
        return of.chat.completions.create(model=model, messages=more.pop("messages", ASK), **more)

    one = client()
    whole = chat(one)
    parts = list(chat(one, stream=True, stream_options={"include_usage": True}))
    function = {"name": "look", "description": "Looks at a place", "parameters": SCHEMA}
    [call] = chat(one, tools=[{"type": "function", "function": function}]).choices[0].message.tool_calls
    shown = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PIXEL}"}}
    events = one.responses.create(model="fake", input="x", stream=True)
    return {
        "chat": {"text": whole.choices[0].message.content, "tokens": whole.usage.completion_tokens},
        "streamed": {
            "text": "".join(p.choices[0].delta.content or "" for p in parts if p.choices),
            "tokens": parts[-1].usage.completion_tokens,
        },
        "tool": {"name": call.function.name, "arguments": json.loads(call.function.arguments)},
        "image": chat(one, messages=[{"role": "user", "content": [shown]}]).choices[0].message.content,
        "responses": one.responses.create(model="fake", input="x").output_text,
        "responses_streamed": "".join(
            e.delta for e in events if e.type == "response.output_text.delta"
        ),
        "embedding": one.embeddings.create(model="fake", input=["a"], encoding_format="float")
        .data[0]
        .embedding,
        "models": [each.id for each in one.models.list()],
        "late": late(lambda: chat(client(SPENT, SPENT_KEY))),
        "wrong": type(fault(lambda: chat(client(key=WRONG)))).__name__,
        "other": type(fault(lambda: chat(one, model="another"))).__name__,
    }


def of_anthropic():
    def client(base=BASE, key=KEY):
        return anthropic.Anthropic(base_url=base, api_key=key, max_retries=0)

    def ask(of, model="fake", **more):
        return of.messages.create(
            model=model, max_tokens=64, messages=more.pop("messages", ASK), **more
        )

    one = client()
    whole = ask(one)
    with one.messages.stream(model="fake", max_tokens=64, messages=ASK) as stream:
        final = stream.get_final_message()
    tool = {"name": "look", "description": "Looks at a place", "input_schema": SCHEMA}
    [call] = ask(one, tools=[tool]).content
    source = {"type": "base64", "media_type": "image/png", "data": PIXEL}
    image = [{"role": "user", "content": [{"type": "image", "source": source}]}]
    return {
        "message": {"text": whole.content[0].text, "tokens": whole.usage.output_tokens},
        "streamed": {"text": final.content[0].text, "tokens": final.usage.output_tokens},
        "tool": {"name": call.name, "arguments": call.input},
        "image": ask(one, messages=image).content[0].text,
        "counted": one.messages.count_tokens(model="fake", messages=ASK).input_tokens,
        "models": [each.id for each in one.models.list()],
        "late": late(lambda: ask(client(SPENT, SPENT_KEY))),
        "wrong": type(fault(lambda: ask(client(key=WRONG)))).__name__,
        "other": type(fault(lambda: ask(one, model="another"))).__name__,
    }


print(json.dumps({"openai": of_openai(), "anthropic": of_anthropic()}))
