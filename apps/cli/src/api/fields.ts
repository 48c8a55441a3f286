import type { Operation } from '@breakwater/contract';
import { z } from 'zod';

/** A field of a request that fits into one option. */
export interface Field {
  readonly name: string;
  /** `on` and `off` are what a switch is unless it is told; `choice` is neither. */
  readonly kind: 'text' | 'number' | 'on' | 'off' | 'choice' | 'list' | 'base64';
  readonly oneOf: readonly string[];
}

/** The fields of its query. */
export function queryFields(operation: Operation): readonly Field[] {
  return fieldsOf(operation.query);
}

/** The fields of its body. */
export function bodyFields(operation: Operation): readonly Field[] {
  return hasBody(operation) ? fieldsOf(operation.body) : [];
}

/** What of its body no option can say, in words: `prices: currency, inputMicros (needed)`. */
export function bodyRest(operation: Operation): readonly string[] {
  if (!hasBody(operation)) return [];
  const { properties, required } = objectOf(operation.body);
  return Object.entries(properties)
    .filter(([, property]) => kindOf(property) === null)
    .map(([name, property]) => {
      const inner = Object.keys(property.properties ?? {});
      const needed = required.includes(name) ? ' (needed)' : '';
      return `${name}${inner.length === 0 ? '' : `: ${inner.join(', ')}`}${needed}`;
    });
}

/** Whether the operation takes a body. */
export function hasBody(operation: Operation): boolean {
  return !(operation.body instanceof z.ZodUndefined);
}

const Property = z.looseObject({
  type: z.string().optional(),
  contentEncoding: z.string().optional(),
  enum: z.array(z.string()).optional(),
  default: z.unknown().optional(),
  items: z.looseObject({ type: z.string().optional() }).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
});
const ObjectSchema = z.looseObject({
  properties: z.record(z.string(), Property).default({}),
  required: z.array(z.string()).default([]),
});

/** The fields of `schema` that one option can say; the rest is left to --body. */
function fieldsOf(schema: z.ZodType): readonly Field[] {
  return Object.entries(objectOf(schema).properties).flatMap(([name, property]): Field[] => {
    const kind = kindOf(property);
    return kind === null ? [] : [{ name, kind, oneOf: property.enum ?? [] }];
  });
}

function objectOf(schema: z.ZodType): z.infer<typeof ObjectSchema> {
  const json = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const meta = zodSchema instanceof z.ZodType ? zodSchema.meta() : undefined;
      if (meta !== undefined) Object.assign(jsonSchema, meta);
    },
  });
  return ObjectSchema.parse(json);
}

function kindOf(property: z.infer<typeof Property>): Field['kind'] | null {
  if (property.contentEncoding === 'base64') return 'base64';
  if (property.type === 'array') return property.items?.type === 'string' ? 'list' : null;
  if (property.type === 'boolean') return switchOf(property.default);
  return kinds[property.type ?? ''] ?? null;
}

function switchOf(unlessTold: unknown): Field['kind'] {
  if (typeof unlessTold !== 'boolean') return 'choice';
  return unlessTold ? 'on' : 'off';
}

const kinds: Readonly<Record<string, Field['kind']>> = {
  string: 'text',
  integer: 'number',
  number: 'number',
};
