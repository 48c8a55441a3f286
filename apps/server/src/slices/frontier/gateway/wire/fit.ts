import { chatLimitNames } from '@breakwater/contract';
import type { Upstream } from '../model.ts';
import { type Asked, limitNames } from './asked.ts';
import type { CallKind } from './figures.ts';

/** What is put into a body before it goes on; null: is left as the client wrote it. */
export interface Fitting {
  /** The model's name at the upstream. */
  readonly model: string;
  /** A limit of output for a call that states none. */
  readonly outputLimit: number | null;
  /** The one name of a chat's limit that the upstream obeys; undefined: it obeys both. */
  readonly limitName?: Upstream['limitName'];
  /** Whether the figures at the end of a stream are asked for, because the key wants them always. */
  readonly askUsage: boolean;
}

/** The body as it goes on: every byte as it came, but for what {@link Fitting} names. */
export function fitBody(asked: Asked, fitting: Fitting): Buffer {
  const wanted = new Map<string, string>();
  if (fitting.model !== asked.model) wanted.set('model', JSON.stringify(fitting.model));
  const name = nameOfLimit(asked.kind, fitting);
  if (name !== null && fitting.outputLimit !== null) {
    wanted.set(name, String(fitting.outputLimit));
  }
  if (fitting.askUsage) wanted.set('stream_options', withUsage(asked.fields['stream_options']));
  const moved = asked.kind === 'chat' ? limitElsewhere(asked, fitting.limitName) : null;
  if (moved === null) return wanted.size === 0 ? asked.body : replaceIn(asked, wanted, null);
  // The right name is there without a value: no key may come twice.
  const isThere = asked.entries.some(({ key }) => key === moved.to);
  if (isThere) wanted.set(moved.to, moved.value);
  return replaceIn(asked, wanted, isThere ? null : moved);
}

/** The name of the limit that is put in: the wire's own, unless the upstream obeys another. */
function nameOfLimit(kind: CallKind, fitting: Fitting): string | null {
  const told = kind === 'chat' ? fitting.limitName : undefined;
  return told ?? limitNames[kind][0] ?? null;
}

interface Moved {
  readonly from: string;
  readonly to: string;
  readonly value: string;
}

/**
 * The limit that a client stated under the name that the upstream does not obey. One that knows
 * `max_tokens` alone passes over the newer name, and would answer without a limit; one of the newest
 * refuses the older.
 */
function limitElsewhere({ fields }: Asked, to: Upstream['limitName']): Moved | null {
  const from = chatLimitNames.find((name) => name !== to);
  if (to === undefined || from === undefined || (fields[to] ?? null) !== null) return null;
  const stated = fields[from] ?? null;
  return stated === null ? null : { from, to, value: JSON.stringify(stated) };
}

function withUsage(options: unknown): string {
  const given = typeof options === 'object' && options !== null ? options : {};
  return JSON.stringify({ ...given, include_usage: true });
}

/** Puts each value in place of the one there, or before all others where there is none. */
function replaceIn(
  { body, entries }: Asked,
  wanted: Map<string, string>,
  moved: Moved | null,
): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  for (const { key, ...entry } of entries) {
    if (key === moved?.from) {
      // Nothing but white space and a colon stands between a key and its value.
      const at = body.lastIndexOf(`"${key}"`, entry.from) + 1;
      parts.push(body.subarray(from, at), Buffer.from(moved.to));
      from = at + key.length;
    }
    const value = wanted.get(key);
    if (value === undefined) continue;
    wanted.delete(key);
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
