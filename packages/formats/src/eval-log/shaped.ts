import type { z } from 'zod';
import { fault } from './fault.ts';

/** The value in the shape of `schema`, or a fault that names the first place that differs. */
export function shaped<S extends z.ZodType>(schema: S, value: unknown, named: string): z.infer<S> {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  const place = issue === undefined ? '' : ` at /${issue.path.join('/')}: ${issue.message}`;
  throw fault('shape-unknown', { expected: 'a log as Inspect writes it', got: `${named}${place}` });
}
