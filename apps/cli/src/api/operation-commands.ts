import { type Operation, operations } from '@breakwater/contract';
import { z } from 'zod';
import type { CommandSpec } from '../command.ts';
import { serverOptions } from './commands.ts';
import { runOperation } from './run-operation.ts';

/** The commands of a slice: one for each of its operations, derived from the contract alone. */
export function operationCommands(slice: string): readonly CommandSpec[] {
  return operations
    .filter((operation) => operation.id.startsWith(`${slice}.`))
    .map((operation) => specOf(operation));
}

function specOf(operation: Operation): CommandSpec {
  const fields = bodyFields(operation);
  return {
    name: operation.id.slice(operation.id.indexOf('.') + 1),
    summary: operation.summary,
    args: Object.fromEntries(
      Object.keys(operation.params.shape).map((name) => [`<${kebab(name)}>`, '']),
    ),
    options: {
      ...Object.fromEntries(queryFields(operation).map((f) => [flagsOf(f), textOf(f)])),
      ...Object.fromEntries(fields.map((f) => [flagsOf(f), textOf(f)])),
      ...(hasBody(operation) ? bodyOptions(fields) : {}),
      ...(operation.file === undefined ? {} : { '--out <path>': 'write the file there' }),
      ...serverOptions,
      ...(operation.method === 'POST' ? idempotency : {}),
    },
    load: async () => runOperation(operation, { body: fields, query: queryFields(operation) }),
  };
}

function bodyOptions(fields: readonly Field[]) {
  const body = {
    '--body <json>': 'the whole request as JSON, or @ and the path of a file with it',
  };
  if (fields.some(({ name }) => name === 'file')) return body;
  return { ...body, '--file <path>': 'a file with the request as JSON, or -' };
}

const idempotency = {
  '--idempotency-key <key>': 'the key of an earlier try, so that it is carried out once',
};

/** A field of a request that fits into one option. */
export interface Field {
  readonly name: string;
  readonly kind: 'text' | 'number' | 'boolean' | 'list' | 'base64';
  readonly oneOf: readonly string[];
}

function queryFields(operation: Operation): readonly Field[] {
  return fieldsOf(operation.query);
}

function bodyFields(operation: Operation): readonly Field[] {
  return hasBody(operation) ? fieldsOf(operation.body) : [];
}

/** Whether the operation takes a body. */
export function hasBody(operation: Operation): boolean {
  return !(operation.body instanceof z.ZodUndefined);
}

const Property = z.looseObject({
  type: z.string().optional(),
  contentEncoding: z.string().optional(),
  enum: z.array(z.string()).optional(),
  items: z.looseObject({ type: z.string().optional() }).optional(),
});
const ObjectSchema = z.looseObject({ properties: z.record(z.string(), Property).default({}) });

/** The fields of `schema` that one option can say; the rest is left to --body. */
function fieldsOf(schema: z.ZodType): readonly Field[] {
  const json = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const meta = zodSchema instanceof z.ZodType ? zodSchema.meta() : undefined;
      if (meta !== undefined) Object.assign(jsonSchema, meta);
    },
  });
  const { properties } = ObjectSchema.parse(json);
  return Object.entries(properties).flatMap(([name, property]): Field[] => {
    const kind = kindOf(property);
    return kind === null ? [] : [{ name, kind, oneOf: property.enum ?? [] }];
  });
}

function kindOf(property: z.infer<typeof Property>): Field['kind'] | null {
  if (property.contentEncoding === 'base64') return 'base64';
  if (property.type === 'array') return property.items?.type === 'string' ? 'list' : null;
  return kinds[property.type ?? ''] ?? null;
}

const kinds: Readonly<Record<string, Field['kind']>> = {
  string: 'text',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
};

function flagsOf({ name, kind }: Field): string {
  const value = {
    text: ' <text>',
    number: ' <n>',
    boolean: '',
    list: ' <text...>',
    base64: ' <path>',
  };
  // A switch that is on unless told must be able to be told.
  return kind === 'boolean' ? `--no-${kebab(name)}` : `--${kebab(name)}${value[kind]}`;
}

function textOf({ name, kind, oneOf }: Field): string {
  if (kind === 'base64') return 'a file, or -';
  if (kind === 'boolean') return `${kebab(name)}: not`;
  return oneOf.length > 0 ? `one of ${oneOf.join(', ')}` : '';
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
}
