import { z } from 'zod';
import type { Given } from './command.ts';
import { Stop } from './stop.ts';

/** Parses a command's options; the first that does not fit ends the command. */
export function optionsOf<T extends z.ZodType>(schema: T, given: Given): z.infer<T> {
  const parsed = schema.safeParse(given.options);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const name = String(issue?.path[0] ?? '').replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
  const got = JSON.stringify(given.options[String(issue?.path[0] ?? '')]) ?? 'nothing';
  const code = 'option-malformed';
  if (issue?.code === 'invalid_value') {
    const values = issue.values.map(String);
    const near = values.find((value) => JSON.stringify(value).toLowerCase() === got.toLowerCase());
    throw new Stop({
      code,
      expected: `--${name}: one of ${values.join(', ')}`,
      got,
      todo: near === undefined ? 'write one of these' : `write --${name} ${quoted(near)}`,
    });
  }
  throw new Stop({
    code,
    expected: `--${name}: ${issue?.message ?? 'another value'}`,
    got,
    todo: 'see --help of this command',
  });
}

/** As it is typed in a terminal. */
function quoted(value: string): string {
  return value.includes(' ') ? JSON.stringify(value) : value;
}

/** Options every command has. */
export const Json = { json: z.boolean().default(false) };

/** A whole number written as an option. */
export function wholeNumber(min: number, max: number) {
  return z.coerce.number(`a whole number from ${min} to ${max}`).int().min(min).max(max);
}
