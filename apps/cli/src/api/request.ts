import type { z } from 'zod';
import { Stop } from '../stop.ts';

/** Holds a request against the contract before it is sent, so that the answer comes at once. */
export function parse<T extends z.ZodType>(schema: T, value: unknown, what: string): z.infer<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const pointer = `/${(issue?.path ?? []).map(String).join('/')}`;
  throw new Stop({
    code: 'input-malformed',
    expected: `${what} in the published form`,
    got: `${pointer}: ${issue?.message ?? 'another form'}`,
    todo: 'see --help of this command, or /docs of the server',
    pointer,
  });
}

/** A request written as JSON. */
export function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new Stop({
      code: 'json-malformed',
      expected: 'a request as JSON, in UTF-8',
      got: 'text that is not',
      todo: 'correct the JSON; --body takes the text itself, --body @path a file',
    });
  }
}
