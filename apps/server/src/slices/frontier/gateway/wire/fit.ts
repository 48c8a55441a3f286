import type { Asked } from './asked.ts';
import type { CallKind } from './figures.ts';

/** What is put into a body before it goes on; null: is left as the client wrote it. */
export interface Fitting {
  /** The model's name at the upstream. */
  readonly model: string;
  /** A limit of output for a call that states none. */
  readonly outputLimit: number | null;
  /** Whether the figures at the end of a stream are asked for, because the key wants them always. */
  readonly askUsage: boolean;
}

/** The name of the limit that is put in. */
const limitName: Readonly<Record<CallKind, string | null>> = {
  chat: 'max_completion_tokens',
  responses: 'max_output_tokens',
  messages: 'max_tokens',
  embeddings: null,
  'count-tokens': null,
};

/** The body as it goes on: every byte as it came, but for what {@link Fitting} names. */
export function fitBody(asked: Asked, fitting: Fitting): Buffer {
  const wanted = new Map<string, string>();
  if (fitting.model !== asked.model) wanted.set('model', JSON.stringify(fitting.model));
  const name = limitName[asked.kind];
  if (name !== null && fitting.outputLimit !== null) {
    wanted.set(name, String(fitting.outputLimit));
  }
  if (fitting.askUsage) wanted.set('stream_options', withUsage(asked.fields['stream_options']));
  return wanted.size === 0 ? asked.body : replaceIn(asked, wanted);
}

function withUsage(options: unknown): string {
  const given = typeof options === 'object' && options !== null ? options : {};
  return JSON.stringify({ ...given, include_usage: true });
}

/** Puts each value in place of the one there, or before all others where there is none. */
function replaceIn({ body, entries }: Asked, wanted: Map<string, string>): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  for (const entry of entries) {
    const value = wanted.get(entry.key);
    if (value === undefined) continue;
    wanted.delete(entry.key);
    parts.push(body.subarray(from, entry.from), Buffer.from(value));
    from = entry.to;
  }
  parts.push(body.subarray(from));
  if (wanted.size === 0) return Buffer.concat(parts);
  // A body has a model at least, so that something follows.
  const added = [...wanted].map(([key, value]) => `${JSON.stringify(key)}:${value},`).join('');
  const whole = Buffer.concat(parts);
  const open = whole.indexOf('{') + 1;
  return Buffer.concat([whole.subarray(0, open), Buffer.from(added), whole.subarray(open)]);
}
