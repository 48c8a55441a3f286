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
  const turns = turnsOf(fields).slice(-messagesMax);
  const from = freshFrom(turns);
  const head = ['system', 'instructions'].flatMap((name) => textsIn(fields[name], depthMax));
  return {
    fresh: turns.slice(from).flatMap(({ texts }) => texts),
    earlier: [
      ...turns
        .slice(0, from)
        .reverse()
        .flatMap(({ texts }) => texts),
      ...head,
    ],
    isFirstTurn: !turns.some(({ byModel }) => byModel),
    asksProbabilities:
      fields['logprobs'] === true ||
      (typeof fields['top_logprobs'] === 'number' && fields['top_logprobs'] > 0),
  };
}

interface Turn {
  readonly byModel: boolean;
  readonly texts: readonly string[];
}

/** Of both forms, whichever is asked in: an endpoint reads its own and passes over the other. */
function turnsOf(fields: Fields): readonly Turn[] {
  return ['messages', 'input'].flatMap((name) => turnsIn(fields[name] ?? null));
}

function turnsIn(said: unknown): readonly Turn[] {
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
