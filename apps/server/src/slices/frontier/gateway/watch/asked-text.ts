/** The texts of a request, as both wire forms write them. Images and files are not among them. */
export interface AskedText {
  /** What came since the model spoke last: looked at once, and not with every later turn again. */
  readonly fresh: readonly string[];
  /** All others, the newest first. */
  readonly earlier: readonly string[];
  /** Whether the model has said nothing before. */
  readonly isFirstTurn: boolean;
  /** It asks how likely the answer's tokens are. */
  readonly asksProbabilities: boolean;
}

/** Messages that are looked at, the last ones, and parts of one message. */
const messagesMax = 256;
const partsMax = 64;
const depthMax = 4;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads the texts of a request's body: chat completions and responses (OpenAI), messages
 * (Anthropic), embeddings. What has another shape has no text; nothing is refused here.
 */
export function askedText(body: unknown): AskedText {
  const fields = fieldsOf(body);
  // Each by itself: an endpoint reads the form that it knows, whatever stands in the other.
  const forms = ['messages', 'input'].map((name) => turnsOf(fields[name] ?? null));
  const head = ['system', 'instructions'].flatMap((name) => textsIn(fields[name], depthMax));
  return {
    fresh: forms.flatMap((turns) => textsOf(turns.slice(freshFrom(turns)))),
    earlier: [
      ...forms.flatMap((turns) => textsOf(turns.slice(0, freshFrom(turns)).reverse())),
      ...head,
    ],
    isFirstTurn: !forms.flat().some(({ byModel }) => byModel),
    asksProbabilities:
      fields['logprobs'] === true ||
      (typeof fields['top_logprobs'] === 'number' && fields['top_logprobs'] > 0),
  };
}

interface Turn {
  readonly byModel: boolean;
  readonly texts: readonly string[];
}

function textsOf(turns: readonly Turn[]): readonly string[] {
  return turns.flatMap(({ texts }) => texts);
}

function turnsOf(said: unknown): readonly Turn[] {
  if (typeof said === 'string') return [{ byModel: false, texts: [said] }];
  if (!Array.isArray(said)) return [];
  return said.slice(-messagesMax).map((item: unknown) => {
    if (typeof item === 'string') return { byModel: false, texts: [item] };
    const message = fieldsOf(item);
    const content = message['content'] ?? message['output'];
    return { byModel: message['role'] === 'assistant', texts: textsIn(content, depthMax) };
  });
}

/** Words put into the model's mouth at the end are not its own. */
function freshFrom(turns: readonly Turn[]): number {
  let from = turns.length;
  while (from > 0 && turns[from - 1]?.byModel === true) from -= 1;
  while (from > 0 && turns[from - 1]?.byModel === false) from -= 1;
  return from;
}

/** A string, or parts that bear text; a tool's result holds parts of its own. */
function textsIn(value: unknown, depth: number): readonly string[] {
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value) || depth === 0) return [];
  return value.slice(0, partsMax).flatMap((part: unknown) => {
    if (typeof part === 'string') return [part];
    const fields = fieldsOf(part);
    return textsIn(fields['text'] ?? fields['content'], depth - 1);
  });
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
