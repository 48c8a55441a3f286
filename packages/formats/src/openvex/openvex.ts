import { ok, type Result, refuse } from '@breakwater/kernel';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import schema from './schema/openvex.schema.json' with { type: 'json' };

export type VexStatus = 'not_affected' | 'affected' | 'fixed' | 'under_investigation';

/** An OpenVEX 0.2.0 document (openvex.dev), as far as it is written here. */
export interface OpenVexDocument {
  readonly '@context': 'https://openvex.dev/ns/v0.2.0';
  readonly '@id': string;
  readonly author: string;
  readonly role: string;
  /** RFC 3339; what no statement overrides holds since then. */
  readonly timestamp: string;
  readonly version: number;
  readonly tooling: string;
  readonly statements: readonly {
    readonly vulnerability: {
      readonly '@id': string;
      readonly name: string;
      readonly description: string;
      readonly aliases?: readonly string[];
    };
    readonly products: readonly {
      readonly '@id': string;
      readonly identifiers: { readonly purl: string };
    }[];
    readonly status: VexStatus;
    readonly action_statement?: string;
  }[];
}

const ajv = new Ajv2020({ strict: false, allErrors: false });
formats.default(ajv);
// RFC 3987: a URI that may hold characters beyond ASCII.
ajv.addFormat('iri', /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]*$/u);
const conforms = ajv.compile<OpenVexDocument>(schema);

/**
 * Says whether `value` obeys the official OpenVEX 0.2.0 schema; to be asked before a document is
 * released.
 *
 * Out: the same value, typed. The first breach is the refusal, with a pointer to it.
 */
export function conformOpenVex(value: unknown): Result<OpenVexDocument, 'openvex-nonconforming'> {
  if (conforms(value)) return ok(value);
  const error = conforms.errors?.[0];
  const pointer = error?.instancePath ?? '';
  return refuse({
    code: 'openvex-nonconforming' as const,
    expected: `a document that obeys the OpenVEX schema (${error?.schemaPath ?? '#'})`,
    got: `${pointer || 'the document'} ${error?.message ?? 'does not'}`.slice(0, 300),
    todo: 'correct the field; openvex.dev describes each',
    pointer,
  });
}
