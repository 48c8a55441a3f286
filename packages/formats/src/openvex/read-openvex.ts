import { ok, type Result, refuse } from '@breakwater/kernel';
import { z } from 'zod';
import { type JsonRefusal, readJson } from '../json/read-json.ts';
import type { VexStatus } from './openvex.ts';

/** Bounds of one document; published ones have some thousand statements. */
export const openVexLimits = { bytesMax: 16 * 1024 * 1024, depthMax: 32, statementsMax: 50_000 };

/** What somebody says of a vulnerability in some products, with what it inherits filled in. */
export interface VexStatement {
  readonly vulnerability: string;
  readonly aliases: readonly string[];
  readonly products: readonly VexProduct[];
  readonly status: VexStatus;
  readonly justification: string | null;
  readonly impact: string | null;
  readonly action: string | null;
  /** RFC 3339; null: neither the statement nor the document says. */
  readonly at: string | null;
}

export interface VexProduct {
  /** The package URL where there is one, else the IRI. */
  readonly id: string;
  readonly subcomponents: readonly string[];
}

export interface VexDocument {
  readonly id: string | null;
  readonly author: string | null;
  readonly statements: readonly VexStatement[];
}

const Component = z.union([
  z
    .string()
    .min(1)
    .transform((id) => ({ id, subcomponents: [] })),
  z
    .object({
      '@id': z.string().min(1).optional(),
      identifiers: z.record(z.string(), z.string()).optional(),
      subcomponents: z.array(z.unknown()).default([]),
    })
    .transform(({ '@id': iri, identifiers, subcomponents }, context) => {
      const id = identifiers?.['purl'] ?? iri ?? identifiers?.['cpe23'] ?? identifiers?.['cpe22'];
      if (id !== undefined) return { id, subcomponents };
      context.addIssue({ code: 'custom', message: 'expected an @id or an identifier' });
      return z.NEVER;
    }),
]);

/** A vulnerability is an object since 0.2.0, and was its name before. */
const Vulnerability = z.union([
  z
    .string()
    .min(1)
    .transform((name) => ({ name, aliases: [] })),
  z.object({ name: z.string().min(1), aliases: z.array(z.string()).default([]) }),
]);

const Statement = z.object({
  vulnerability: Vulnerability,
  timestamp: z.string().optional(),
  products: z.array(Component).default([]),
  status: z.enum(['not_affected', 'affected', 'fixed', 'under_investigation']),
  justification: z.string().optional(),
  impact_statement: z.string().optional(),
  action_statement: z.string().optional(),
});

const Document = z.object({
  '@context': z.union([
    z.string().startsWith('https://openvex.dev/ns'),
    z.array(z.unknown()).refine((all) => all.includes('https://openvex.dev/ns/v0.2.0')),
  ]),
  '@id': z.string().optional(),
  author: z.string().optional(),
  timestamp: z.string().optional(),
  statements: z.array(Statement).min(1).max(openVexLimits.statementsMax),
});

/**
 * Reads an OpenVEX document of 0.0.1 or 0.2.0 from UTF-8 JSON. It takes what real documents leave
 * out (an id, a time), and refuses a statement without a vulnerability or with an unknown status.
 */
export function parseOpenVex(
  bytes: Uint8Array,
): Result<VexDocument, JsonRefusal | 'openvex-nonconforming'> {
  const json = readJson(bytes, openVexLimits);
  if (!json.ok) return json;
  const parsed = Document.safeParse(json.value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const pointer = issue === undefined ? '' : `/${issue.path.map(String).join('/')}`;
    return refuse({
      code: 'openvex-nonconforming' as const,
      expected: 'an OpenVEX document',
      got: `at ${pointer}: ${issue?.message ?? 'something else'}`.slice(0, 300),
      todo: 'send the document as its author published it',
      pointer,
    });
  }
  const { '@id': id, author, timestamp, statements } = parsed.data;
  return ok({
    id: id ?? null,
    author: author ?? null,
    statements: statements.map((each) => statementOf(each, timestamp)),
  });
}

function statementOf(each: z.infer<typeof Statement>, inherited: string | undefined): VexStatement {
  return {
    vulnerability: each.vulnerability.name,
    aliases: each.vulnerability.aliases,
    products: each.products.map(({ id, subcomponents }) => ({
      id,
      subcomponents: subcomponents.flatMap((inner) => {
        const component = Component.safeParse(inner);
        return component.success ? component.data.id : [];
      }),
    })),
    status: each.status,
    justification: each.justification ?? null,
    impact: each.impact_statement ?? null,
    action: each.action_statement ?? null,
    at: each.timestamp ?? inherited ?? null,
  };
}

/**
 * What holds now, of all that was said: of each vulnerability in each product the last word, oldest
 * first. Of the same time the one given later; a statement without a time was said before all.
 */
export function currentStatements(documents: readonly VexDocument[]): readonly VexStatement[] {
  const inOrder = documents
    .flatMap(({ statements }) => statements)
    .toSorted((a, b) => timeOf(a) - timeOf(b));
  const last = new Map<string, VexStatement>();
  for (const statement of inOrder) {
    for (const product of statement.products) {
      const key = JSON.stringify([statement.vulnerability, product.id, product.subcomponents]);
      last.delete(key);
      last.set(key, { ...statement, products: [product] });
    }
  }
  return [...last.values()];
}

function timeOf({ at }: VexStatement): number {
  const time = at === null ? Number.NaN : Date.parse(at);
  return Number.isNaN(time) ? Number.NEGATIVE_INFINITY : time;
}
