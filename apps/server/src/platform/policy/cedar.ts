import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Operation, operations } from '@breakwater/contract';
import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import { levels } from '../commands/audience.ts';
import { entityOf, installation, schemaText } from './schema.ts';

const folder = path.join(import.meta.dirname, '../../../policies');

/** One act to be decided, with all that its policies weigh. */
export interface Act {
  readonly operation: Operation;
  readonly party: { readonly id: string; readonly role: string };
  readonly roleAllows: boolean;
  readonly keyAllows: boolean;
  /** The thing it is about; null where it is about none. */
  readonly subject: Subject | null;
}

/** A thing as the party stands to it. */
export interface Subject {
  readonly id: string;
  /** 0 to 3, as `visible` answers. */
  readonly level: number;
  /** A TLP 2.0 label, where the operation weighs it. */
  readonly marking?: string;
}

/** What a policy says to whoever it stops, beside its id. */
export interface Forbidden {
  readonly id: string;
  readonly expected: string | null;
  readonly todo: string | null;
}

export type Decision =
  | { readonly allowed: true }
  /** Empty where nothing permits it. */
  | { readonly allowed: false; readonly by: readonly Forbidden[] };

/**
 * The policies in force. Default deny; a forbid overrides every permit. Throws where a policy cannot
 * be evaluated: one that was skipped might have been a forbid.
 */
export interface Policies {
  decide(act: Act): Decision;
}

/** A policy set that must not be served with. */
export class PoliciesInvalid extends Error {
  override readonly name = 'PoliciesInvalid';
}

/** Reads, strictly validates and preparses the policies; once, when the server starts. */
export function openPolicies(from: string = folder): Policies {
  const policies = readPolicies(from);
  const texts = Object.fromEntries([...policies].map(([id, { text }]) => [id, text]));
  const schema = schemaText(
    readFileSync(path.join(from, 'schema.cedarschema'), 'utf8'),
    operations,
  );
  const answer = cedar.validate({
    validationSettings: { mode: 'strict' },
    schema,
    policies: { staticPolicies: texts },
  });
  const faults =
    answer.type === 'failure'
      ? answer.errors.map((error) => error.message)
      : [...answer.validationErrors, ...answer.validationWarnings].map(
          ({ policyId, error }) => `${policyId}: ${error.message}`,
        );
  if (faults.length > 0)
    throw new PoliciesInvalid(`the policies are not valid: ${faults.join('; ')}`);
  const preparsed = cedar.preparsePolicySet(from, { staticPolicies: texts });
  if (preparsed.type === 'failure') throw new PoliciesInvalid('the policies do not parse');
  return { decide: (act) => decide(act, { set: from, policies }) };
}

interface Policy {
  readonly text: string;
  readonly says: Omit<Forbidden, 'id'>;
}

function readPolicies(from: string): ReadonlyMap<string, Policy> {
  const policies = new Map<string, Policy>();
  for (const file of readdirSync(from)
    .filter((name) => name.endsWith('.cedar'))
    .toSorted()) {
    const parts = cedar.policySetTextToParts(readFileSync(path.join(from, file), 'utf8'));
    if (parts.type === 'failure') {
      throw new PoliciesInvalid(`${file}: ${parts.errors.map((e) => e.message).join('; ')}`);
    }
    for (const text of parts.policies) {
      const read = cedar.policyToJson(text);
      const annotations = read.type === 'success' ? read.json.annotations : undefined;
      const id = annotations?.['id'];
      if (id === undefined || policies.has(id)) {
        throw new PoliciesInvalid(
          `${file}: expected an @id of its own on each policy; got ${id ?? 'none'}`,
        );
      }
      const says = {
        expected: annotations?.['expected'] ?? null,
        todo: annotations?.['todo'] ?? null,
      };
      policies.set(id, { text, says });
    }
  }
  return policies;
}

function decide(
  act: Act,
  { set, policies }: { readonly set: string; readonly policies: ReadonlyMap<string, Policy> },
): Decision {
  const { operation, party, subject } = act;
  const principal = { type: 'Party', id: party.id };
  const resource =
    operation.needs === undefined || subject === null
      ? { type: installation, id: 'this' }
      : { type: entityOf[operation.needs.subject], id: subject.id };
  const answer = cedar.statefulIsAuthorized({
    principal,
    action: { type: 'Action', id: operation.id },
    resource,
    context: contextOf(act),
    preparsedPolicySetId: set,
    entities: [{ uid: principal, attrs: { role: party.role }, parents: [] }],
  });
  if (answer.type === 'failure') {
    throw new Error(`${operation.id} could not be decided: ${answer.errors[0]?.message}`);
  }
  const { decision, diagnostics } = answer.response;
  const [error] = diagnostics.errors;
  if (error !== undefined) throw new Error(`${error.policyId} could not be evaluated`);
  if (decision === 'allow') return { allowed: true };
  const none = { expected: null, todo: null };
  return {
    allowed: false,
    by: diagnostics.reason.map((id) => ({ id, ...(policies.get(id)?.says ?? none) })),
  };
}

function contextOf({ roleAllows, keyAllows, subject }: Act): Record<string, cedar.CedarValueJson> {
  const called = { role_allows: roleAllows, key_allows: keyAllows };
  if (subject === null) return called;
  const { level, marking } = subject;
  const sees = {
    summary: level >= levels.summary,
    detail: level >= levels.detail,
    all: level >= levels.all,
  };
  return {
    ...called,
    sees,
    ...(marking === undefined ? {} : { marking }),
  };
}
