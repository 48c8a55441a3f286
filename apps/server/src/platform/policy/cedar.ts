import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { operations } from '@breakwater/contract';
import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import { levels } from '../commands/audience.ts';
import {
  type Act,
  type Decision,
  type Forbidden,
  type Policies,
  PoliciesInvalid,
} from './policies.ts';
import { entityOf, installation, schemaText } from './schema.ts';

const folder = path.join(import.meta.dirname, '../../../policies');

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
  return { decide: remembering((act) => decide(act, { set: from, policies })) };
}

/** Decisions kept; each of them is one party's about one operation. */
const keptMax = 20_000;

/**
 * What is about no single thing is decided by party, role and what role and key allow: the same
 * again and again, while the policies stay what they were. That takes 70 µs of a call that may take
 * a thousand in all.
 */
function remembering(decideAnew: (act: Act) => Decision): (act: Act) => Decision {
  const kept = new Map<string, Decision>();
  return (act) => {
    if (act.subject !== null) return decideAnew(act);
    const { operation, party, roleAllows, keyAllows } = act;
    const key = JSON.stringify([operation.id, party.id, party.role, roleAllows, keyAllows]);
    const known = kept.get(key);
    if (known !== undefined) return known;
    const decision = decideAnew(act);
    const [oldest] = kept.keys();
    if (kept.size >= keptMax && oldest !== undefined) kept.delete(oldest);
    kept.set(key, decision);
    return decision;
  };
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
