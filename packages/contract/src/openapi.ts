import { z } from 'zod';
import type { Operation } from './operation.ts';
import { operations } from './operations.ts';
import { commonRefusals, Problem } from './problem.ts';

type Schema = Record<string, unknown>;

/** The OpenAPI 3.1 document of every operation, derived from the contract alone. */
export function openApi(): Schema {
  const paths: Record<string, Record<string, Schema>> = {};
  for (const operation of operations) {
    paths[operation.path] ??= {};
    Object.assign(paths[operation.path] ?? {}, {
      [operation.method.toLowerCase()]: describe(operation),
    });
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Breakwater',
      version: '1',
      description: 'Every write carries an Idempotency-Key; every refusal is an RFC 9457 problem.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{ key: [] }],
    paths,
    components: {
      schemas: { Problem: schemaOf(Problem, 'output') },
      securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
    },
  };
}

function describe(operation: Operation): Schema {
  const write = operation.method === 'POST';
  return {
    operationId: operation.id,
    tags: [operation.id.split('.')[0]],
    summary: operation.summary,
    description: `May be called by: ${operation.callers.join(', ')}.`,
    ...(operation.callers.includes('public') ? { security: [{}, { key: [] }] } : {}),
    parameters: [
      ...parametersOf(operation.params, 'path'),
      ...parametersOf(operation.query, 'query'),
      ...(write ? [idempotencyKey] : []),
    ],
    ...(operation.body instanceof z.ZodUndefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(operation.body, 'input') } },
          },
        }),
    responses: { '200': success(operation), ...refusalsOf(operation) },
  };
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  description: 'Chosen by the caller; the same key with the same request is carried out once.',
  schema: { type: 'string', minLength: 8, maxLength: 120 },
};

function success(operation: Operation): Schema {
  const media = operation.file ?? 'application/json';
  const schema = operation.file === undefined ? schemaOf(operation.output, 'output') : {};
  return { description: 'Done', content: { [media]: { schema } } };
}

function refusalsOf(operation: Operation): Record<string, Schema> {
  const byStatus = new Map<number, string[]>();
  for (const [code, status] of Object.entries({ ...commonRefusals, ...operation.refusals })) {
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      String(status),
      {
        description: `Refused: ${codes.join(', ')}`,
        content: {
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        },
      },
    ]),
  );
}

function parametersOf(shape: z.ZodObject, place: 'path' | 'query'): Schema[] {
  return Object.entries(shape.shape).map(([name, schema]) => ({
    name,
    in: place,
    required: place === 'path',
    schema: schemaOf(schema as z.ZodType, 'input'), // a ZodObject's shape holds zod types
  }));
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Schema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const meta = zodSchema instanceof z.ZodType ? zodSchema.meta() : undefined;
      if (meta !== undefined) Object.assign(jsonSchema, meta);
    },
  });
  return rest;
}
