import { type Operation, operations, Problem } from '@breakwater/contract';
import { ok, type Result, refuse } from '@breakwater/kernel';
import fc from 'fast-check';
import { z } from 'zod';
import { jsonOf, type Reader, written } from '../reader.ts';

const parts = ['params', 'query', 'body', 'output'] as const;
type Part = (typeof parts)[number];

const Sent = z.object({ operation: z.string(), part: z.enum(parts), value: z.unknown() });

/** One document for each part of each operation that says anything. */
function samples(): unknown[] {
  return operations.flatMap((operation) =>
    parts.flatMap((part) => {
      const value = sampleOf(operation, part);
      return value === undefined ? [] : [{ operation: operation.id, part, value }];
    }),
  );
}

function sampleOf(operation: Operation, part: Part): unknown {
  const io = part === 'output' ? 'output' : 'input';
  const schema = z.toJSONSchema(operation[part], { io, unrepresentable: 'any', reused: 'inline' });
  return valueFor(schema, 0);
}

type Schema = z.core.JSONSchema.BaseSchema;
const LEVELS_MAX = 8;

/** A value that a JSON Schema takes, as far as its keywords are ones that ours use. */
function valueFor(schema: Schema | boolean | undefined, level: number): unknown {
  if (schema === undefined || typeof schema === 'boolean' || level > LEVELS_MAX) return null;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const choice = schema.anyOf?.[0] ?? schema.oneOf?.[0] ?? schema.allOf?.[0];
  if (choice !== undefined) return valueFor(choice, level + 1);
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, of]) => [
          name,
          valueFor(of, level + 1),
        ]),
      );
    case 'array': {
      const items = Array.isArray(schema.items) ? schema.items[0] : schema.items;
      return [valueFor(items, level + 1)];
    }
    case 'string':
      return stringOf(schema);
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 1, 1);
    case 'boolean':
      return true;
    case 'null':
      return null;
    case undefined:
      return undefined;
  }
}

const made = new Map<string, string>();

function stringOf({ pattern, format, minLength = 1 }: Schema): string {
  if (format === 'date-time') return '2026-11-21T09:30:00Z';
  if (format === 'uri') return 'https://example.org/';
  if (format === 'email') return 'a@example.org';
  if (pattern === undefined) return 'x'.repeat(Math.min(minLength, 1000));
  const known = made.get(pattern);
  if (known !== undefined) return known;
  const [text = ''] = fc.sample(
    fc.stringMatching(new RegExp(pattern, /\\p/i.test(pattern) ? 'u' : '')),
    {
      seed: 1,
      numRuns: 1,
    },
  );
  made.set(pattern, text);
  return text;
}

function readSent(document: Uint8Array): Result<unknown> {
  const sent = Sent.safeParse(jsonOf(document));
  const operation = operations.find((each) => each.id === sent.data?.operation);
  if (sent.data === undefined || operation === undefined) return unread('another shape');
  const parsed = operation[sent.data.part].safeParse(sent.data.value);
  return parsed.success ? ok(parsed.data ?? null) : unread(parsed.error.issues[0]?.message ?? '?');
}

function unread(got: string): Result<never> {
  return refuse({
    code: 'input-malformed',
    expected: 'the contract',
    got: got.slice(0, 300),
    todo: 'obey it',
  });
}

export const contractReaders: readonly Reader[] = [
  { reads: ['@breakwater/contract#operations'], seeds: written(...samples()), read: readSent },
  {
    reads: ['@breakwater/contract#Problem'],
    seeds: written({
      type: 'about:blank',
      title: 'No',
      status: 400,
      detail: 'no',
      code: 'no',
      expected: 'a',
      got: 'b',
      todo: 'c',
    }),
    read: (document) => {
      const problem = Problem.safeParse(jsonOf(document));
      return problem.success ? ok(problem.data) : unread('another shape');
    },
  },
];
