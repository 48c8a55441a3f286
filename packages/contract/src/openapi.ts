import { z } from 'zod';
import { AdvisorySummary, AdvisoryView, PublicationPreview } from './advisories.ts';
import { Authorization, Control, Stop } from './authorizations.ts';
import { Claim, ClaimAnswered } from './claim.ts';
import { Credit, Finding, FindingDraft, Location, OwnFinding } from './collect.ts';
import { Case, Embargo, Funnel, Message, Participant } from './coordinate.ts';
import { Join, Membership } from './correlate.ts';
import { ThresholdRule } from './designation-views.ts';
import { ApiKey, Me, Party } from './directory.ts';
import { Campaign } from './discover.ts';
import { Card, Inventory, InventoryPreview, Notice } from './distribute.ts';
import { AccessGrant, AccessWindow, Plan } from './early-access-views.ts';
import { Example } from './example.ts';
import { GatewayIncident } from './gateway-incidents.ts';
import { GatewayRequest } from './gateway-record.ts';
import { GatewayKey } from './gateway-words.ts';
import { Helper } from './helpers.ts';
import { Invitation, Member } from './members.ts';
import type { Operation } from './operation.ts';
import { operations } from './operations.ts';
import { InboxItem, Pace, Standing, Waiting } from './owner.ts';
import { Score, ScoreInput } from './prioritize.ts';
import { commonRefusals, Problem } from './problem.ts';
import { Disclosure, TimelineEntry } from './record.ts';
import { Run, RunFigures, RunSample } from './runs.ts';
import { Found } from './search.ts';
import { Passkey, Session, SignedIn } from './session.ts';
import { Suite, SuiteItem } from './suites.ts';
import { Attempt, RecipeSummary, Validation } from './validate.ts';
import { MatrixRow, Patch, Verification } from './verify.ts';
import { Program, ProgramScope, Wishes } from './wishes.ts';
import { PartyRef } from './words.ts';

type Schema = Record<string, unknown>;

/** The views that several answers share; each is described once, under its own name. */
const named: Readonly<Record<string, z.ZodType>> = {
  AccessGrant,
  AccessWindow,
  AdvisorySummary,
  AdvisoryView,
  ApiKey,
  Attempt,
  Authorization,
  Campaign,
  Card,
  Case,
  Claim,
  ClaimAnswered,
  Control,
  Credit,
  Disclosure,
  Embargo,
  Example,
  Finding,
  FindingDraft,
  Found,
  Funnel,
  GatewayIncident,
  GatewayKey,
  GatewayRequest,
  Helper,
  InboxItem,
  Inventory,
  InventoryPreview,
  Invitation,
  Join,
  Location,
  MatrixRow,
  Me,
  Member,
  Membership,
  Message,
  Notice,
  OwnFinding,
  Pace,
  Participant,
  Party,
  PartyRef,
  Passkey,
  Patch,
  Plan,
  Problem,
  Program,
  ProgramScope,
  PublicationPreview,
  RecipeSummary,
  Run,
  RunFigures,
  RunSample,
  Score,
  ScoreInput,
  Session,
  SignedIn,
  Standing,
  Stop,
  Suite,
  SuiteItem,
  ThresholdRule,
  TimelineEntry,
  Validation,
  Verification,
  Waiting,
  Wishes,
};

/** The OpenAPI 3.1 document of every operation, derived from the contract alone. */
export function openApi(): Schema {
  const outputs = schemasOf(operations, 'output');
  const inputs = schemasOf(operations, 'input');
  const paths: Record<string, Record<string, Schema>> = {};
  for (const operation of operations) {
    const path = paths[operation.path] ?? {};
    path[operation.method.toLowerCase()] = describe(operation, { inputs, outputs });
    paths[operation.path] = path;
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Breakwater',
      version: '1',
      description:
        'Every write carries an Idempotency-Key; every refusal is an RFC 9457 problem. ' +
        'Answers may gain fields; ignore those you do not know. The administrator calls through ' +
        'the socket in the data directory, without a key; no key may call what is the ' +
        "administrator's alone.",
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    // The address at which this document was read.
    servers: [{ url: '/' }],
    tags: [...new Set(operations.map(sliceOf))].map((name) => ({ name })),
    security: [{ key: [] }],
    paths,
    components: {
      schemas: Object.fromEntries(Object.keys(named).map((name) => [name, outputs.get(name)])),
      securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
    },
  };
}

function sliceOf(operation: Operation): string {
  return operation.id.split('.')[0] ?? operation.id;
}

type Schemas = ReadonlyMap<string, Schema>;

function describe(
  operation: Operation,
  { inputs, outputs }: { readonly inputs: Schemas; readonly outputs: Schemas },
): Schema {
  const body = inputs.get(operation.id);
  return {
    operationId: operation.id,
    tags: [sliceOf(operation)],
    summary: operation.summary,
    description: `May be called by: ${operation.callers.join(', ')}.`,
    ...(operation.callers.includes('public') ? { security: [{}, { key: [] }] } : {}),
    parameters: [
      ...parametersOf(operation.params, 'path'),
      ...parametersOf(operation.query, 'query'),
      ...(operation.method === 'POST' ? [idempotencyKey] : []),
    ],
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: {
      '200': { description: 'Done', content: contentOf(operation, outputs) },
      ...refusalsOf(operation),
      '500': problem('A fault of the server, internal-error: nothing was changed; try again'),
    },
  };
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  description: 'Chosen by the caller; the same key with the same request is carried out once.',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{8,120}$' },
};

function contentOf(operation: Operation, outputs: Schemas): Schema {
  const { file } = operation;
  if (operation.stream === true) return { 'text/event-stream': { schema: { type: 'string' } } };
  if (file === undefined) return { 'application/json': { schema: outputs.get(operation.id) } };
  if (/[/+]json$/.test(file)) return { [file]: { schema: { type: 'object' } } };
  // Bytes as they are: OpenAPI 3.1 describes them by their media type alone.
  return { [file]: file.startsWith('text/') ? { schema: { type: 'string' } } : {} };
}

/** Only refusals that this operation can meet: a read has no idempotency key, nor a body. */
function refusalsOf(operation: Operation): Record<string, Schema> {
  const byStatus = new Map<number, string[]>();
  for (const [code, status] of Object.entries({ ...commonRefusals, ...operation.refusals })) {
    const ofWrites = code.startsWith('idempotency-key') || code === 'input-too-large';
    if (ofWrites && operation.method === 'GET') continue;
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      String(status),
      problem(`Refused: ${codes.join(', ')}`),
    ]),
  );
}

function problem(description: string): Schema {
  const schema = { $ref: '#/components/schemas/Problem' };
  return { description, content: { 'application/problem+json': { schema } } };
}

function parametersOf(shape: z.ZodObject, place: 'path' | 'query'): Schema[] {
  return Object.entries(shape.shape).map(([name, schema]) => ({
    name,
    in: place,
    required: place === 'path',
    schema: inputSchemaOf(schema as z.ZodType), // a ZodObject's shape holds zod types
  }));
}

/** What `schema` takes, as JSON Schema (2020-12), with the forms of ids and instants. */
export function inputSchemaOf(schema: z.ZodType): Schema {
  return plain(z.toJSONSchema(schema, optionsOf('input')));
}

/**
 * The schemas of one direction: of each operation under its id, and in answers each named view.
 * Where a view stands inside another it is a reference to `#/components/schemas/`.
 */
function schemasOf(all: readonly Operation[], io: 'input' | 'output'): Schemas {
  const registry = z.registry<{ id: string }>();
  if (io === 'output') {
    for (const [name, schema] of Object.entries(named)) registry.add(schema, { id: name });
  }
  const places = new Map<string, string>();
  for (const operation of all) {
    const schema = io === 'input' ? operation.body : operation.output;
    if (schema instanceof z.ZodUndefined) continue;
    if (!registry.has(schema)) registry.add(schema, { id: operation.id });
    places.set(operation.id, registry.get(schema)?.id ?? operation.id);
  }
  const { schemas } = z.toJSONSchema(registry, {
    ...optionsOf(io),
    uri: (name) => `#/components/schemas/${name}`,
  });
  const found = new Map<string, Schema>();
  for (const name of io === 'output' ? Object.keys(named) : []) {
    found.set(name, plain(schemas[name] ?? {}));
  }
  for (const [id, place] of places) {
    const shared = place in named && io === 'output';
    const schema = shared ? { $ref: `#/components/schemas/${place}` } : (schemas[place] ?? {});
    found.set(id, plain(schema));
  }
  return found;
}

function optionsOf(io: 'input' | 'output') {
  return { io, unrepresentable: 'any', override } as const;
}

type Overridden = { readonly zodSchema: unknown; readonly jsonSchema: Schema };

/** What zod cannot know: the form of our own ids and instants, and that answers may grow. */
function override({ zodSchema, jsonSchema }: Overridden): void {
  const schema = zodSchema instanceof z.ZodType ? zodSchema : null;
  Object.assign(jsonSchema, schema?.meta() ?? {});
  const open = schema instanceof z.ZodObject && schema.def.catchall === undefined;
  if (open) delete jsonSchema['additionalProperties'];
}

function plain(schema: Schema): Schema {
  const { $schema: _dialect, $id: _place, ...rest } = schema;
  return rest;
}
