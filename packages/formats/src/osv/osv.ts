import { ok, type Result, refuse } from '@breakwater/kernel';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { type JsonRefusal, readJson } from '../json/read-json.ts';
import type { OsvRecord } from './osv-record.ts';
import schema from './schema/osv.schema.json' with { type: 'json' };

/** Bounds of one record; the largest published ones list some ten thousand versions. */
export const osvLimits = { bytesMax: 16 * 1024 * 1024, depthMax: 64 };

const ajv = new Ajv2020({ strict: false, allErrors: false });
formats.default(ajv);
const conforms = ajv.compile<OsvRecord>(schema);

/**
 * Says whether `value` obeys the official OSV JSON Schema; to be asked before a record is released.
 * The schema allows ids of registered databases and, for all others, ids that begin with `x_`.
 *
 * Out: the same value, typed. The first breach is the refusal, with a pointer to it.
 */
export function conform(value: unknown): Result<OsvRecord, 'osv-nonconforming'> {
  return conforms(value) ? ok(value) : breach(conforms.errors?.[0]);
}

/** Reads one OSV record from UTF-8 JSON: shape, bounds and conformance. */
export function parseOsv(bytes: Uint8Array): Result<OsvRecord, JsonRefusal | 'osv-nonconforming'> {
  const json = readJson(bytes, osvLimits);
  return json.ok ? conform(json.value) : json;
}

function breach(error: ErrorObject | undefined) {
  const pointer = error?.instancePath ?? '';
  return refuse({
    code: 'osv-nonconforming' as const,
    expected: `a record that obeys the OSV schema (${error?.schemaPath ?? '#'})`,
    got: `${pointer || 'the record'} ${error?.message ?? 'does not'}`.slice(0, 300),
    todo: 'correct the field; ossf.github.io/osv-schema describes each',
    pointer,
  });
}
