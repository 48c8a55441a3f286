import { z } from 'zod';

/** Roles a party may hold. Who may call what is data: each operation names its roles. */
export const roles = [
  'coordinator',
  'finder',
  'owner',
  'operator',
  'auditor',
  'evaluator',
  'developer',
  'liaison',
  'official',
] as const;
export type Role = (typeof roles)[number];

/** `public` needs no key; `administrator` is the machine's own operator, known by file permission. */
export type Caller = Role | 'public' | 'administrator';

/** How much of a thing a party sees; each level includes those before it (docs/rules/visibility.md). */
export const levelNames = ['summary', 'detail', 'all'] as const;
export type LevelName = (typeof levelNames)[number];

/** What a caller has to see before it may call: less, and it is told so; nothing, and nothing is there. */
export interface Need {
  /** The path parameter that names the thing. */
  readonly subject:
    | 'case'
    | 'finding'
    | 'notice'
    | 'join'
    | 'suite'
    | 'run'
    | 'engagement'
    | 'rule'
    | 'file'
    | 'determination'
    | 'plan'
    | 'window'
    | 'grant'
    | 'gkey';
  readonly level: LevelName;
  /** A field of the body that names another thing of the same kind, ruled alike. */
  readonly alsoInBody?: string;
  /** What a policy weighs beside the level: the strictest marking within. */
  readonly weighs?: readonly 'marking'[];
}

type Shape = z.ZodObject;

/**
 * One operation of the published language, said once. The route, the client, the OpenAPI document,
 * the permission, the metric and the command-line word all derive from it.
 */
export interface Operation<
  P extends Shape = Shape,
  Q extends Shape = Shape,
  B extends z.ZodType = z.ZodType,
  O extends z.ZodType = z.ZodType,
> {
  /** `<slice>.<verb>`, kebab-case, unique; also the permission's name. */
  readonly id: string;
  readonly method: 'GET' | 'POST';
  /** With `{name}` for path parameters. */
  readonly path: string;
  readonly summary: string;
  readonly callers: readonly Caller[];
  /** Absent where it names no thing that is seen by some and not by others. */
  readonly needs?: Need;
  readonly params: P;
  readonly query: Q;
  /** z.undefined() where the request has no body. */
  readonly body: B;
  readonly output: O;
  /** Refusal codes this operation can answer with, beside the common ones. */
  readonly refusals: Readonly<Record<string, RefusalStatus>>;
  /** Largest request body in bytes; small unless the operation takes files. */
  readonly bodyBytesMax: number;
  /** Fields of the body in which texts are packed: who unpacks them looks through what is in them. */
  readonly packed?: readonly string[];
  /** The answer is a file (bytes) with this media type, not JSON of `output`. */
  readonly file?: string;
  /** Of the file a range of bytes may be asked for (RFC 9110, 14). */
  readonly ranges?: true;
  /** The answer goes on: `output` again and again, as `changed` events of text/event-stream. */
  readonly stream?: true;
  /** The same to everybody: caches may keep it, and answers carry an ETag (RFC 9110, 9111). */
  readonly sameForAll?: boolean;
}

/** HTTP status a refusal is answered with (RFC 9110). */
export type RefusalStatus = 400 | 401 | 403 | 404 | 409 | 413 | 416 | 422 | 429 | 503;

/** For operations that take files: base64 of 8 MiB and what goes with it, twice. */
export const fileBodyBytesMax: number = 24 * 1024 * 1024;

const none = z.strictObject({});

type Definition<P extends Shape, Q extends Shape, B extends z.ZodType, O extends z.ZodType> = Omit<
  Operation<P, Q, B, O>,
  'params' | 'query' | 'body' | 'refusals' | 'bodyBytesMax'
> & {
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly refusals?: Readonly<Record<string, RefusalStatus>>;
  readonly bodyBytesMax?: number;
};

/** Declares an operation, filling in what it does not have. */
export function operation<
  O extends z.ZodType,
  P extends Shape = typeof none,
  Q extends Shape = typeof none,
  B extends z.ZodType = z.ZodUndefined,
>(definition: Definition<P, Q, B, O>): Operation<P, Q, B, O> {
  return {
    // Absent parts default to "nothing allowed"; their types say the same.
    params: none as unknown as P,
    query: none as unknown as Q,
    body: z.undefined() as unknown as B,
    bodyBytesMax: 512 * 1024,
    ...definition,
    refusals: {
      ...(definition.body !== undefined && keepsClassifiedOut(definition.id)
        ? { 'classified-text': 422 as const }
        : {}),
      ...definition.refusals,
    },
  };
}

/** The slices whose texts are looked through for classification markings before they are taken. */
const unclassifiedSlices: readonly string[] = [
  'engage',
  'designate',
  'early-access',
  'partners',
  'gateway',
];

/** Whether what an operation is sent may bear no classification marking (rule DES-1). */
export function keepsClassifiedOut(operation: string): boolean {
  return unclassifiedSlices.includes(operation.split('.')[0] ?? '');
}

export type Params<T> = T extends Operation<infer P, Shape> ? z.infer<P> : never;
export type Query<T> = T extends Operation<Shape, infer Q> ? z.infer<Q> : never;
export type Body<T> = T extends Operation<Shape, Shape, infer B> ? z.infer<B> : never;
export type Output<T> = T extends Operation<Shape, Shape, z.ZodType, infer O> ? z.infer<O> : never;
