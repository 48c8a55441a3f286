import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { levelNames, type Operation, operations } from '@breakwater/contract';
import { type Id, tlpLabels } from '@breakwater/kernel';
import fc from 'fast-check';
import type { RawBuilder } from 'kysely';
import { describe, expect, test } from 'vitest';
import { type Grant, levels, principalsOf, visible } from '../commands/audience.ts';
import type { Database } from '../database/database.ts';
import { builtInRoles } from './built-in.ts';
import { openPolicies } from './cedar.ts';
import { type Caller, type PermitPorts, permit, refusedAtDoor } from './permit.ts';
import type { Act } from './policies.ts';
import { decideRole } from './roles.ts';

const policies = openPolicies();
const subjects = operations.filter((o) => o.needs !== undefined);

function act(operation: Operation, wish: Partial<Act> & { level?: number; marking?: string }): Act {
  const { level = 3, marking = 'AMBER', ...rest } = wish;
  return {
    operation,
    party: { id: 'party_x', role: 'any' },
    roleAllows: true,
    keyAllows: true,
    subject: operation.needs === undefined ? null : { id: 'x', level, marking },
    ...rest,
  };
}

describe('POL-4, VIS-9: what the contract declares and what the policies permit is the same', () => {
  test.each(subjects.map((operation) => ({ operation, id: operation.id })))(
    '$id is permitted from its level on, and not below',
    ({ operation }) => {
      const needed = levels[operation.needs?.level ?? 'all'];
      for (const level of [0, ...Object.values(levels)]) {
        const { allowed } = policies.decide(act(operation, { level }));
        expect([level, allowed]).toEqual([level, level >= needed]);
      }
    },
  );

  test('what is about no single thing is permitted to every role that names it', () => {
    for (const operation of operations.filter((o) => o.needs === undefined)) {
      expect([operation.id, policies.decide(act(operation, {})).allowed]).toEqual([
        operation.id,
        true,
      ]);
    }
  });

  test('POL-1, POL-2: a forbid stands above every permit', () => {
    for (const operation of operations) {
      for (const [lacking, id] of [
        [{ roleAllows: false }, 'POL-1'],
        [{ keyAllows: false }, 'POL-2'],
      ] as const) {
        const decision = policies.decide(act(operation, lacking));
        expect(decision.allowed ? [] : decision.by.map((by) => by.id)).toEqual([id]);
      }
    }
  });

  test('VIS-4: no owner is brought into a case that is marked RED, and nothing of it published', () => {
    const weighing = subjects.filter((o) => o.needs?.weighs?.includes('marking'));
    expect(weighing.map((o) => o.id)).toEqual([
      'coordinate.invite-owner',
      'distribute.publish',
      'distribute.revise',
    ]);
    for (const operation of weighing) {
      const allowed = tlpLabels.map(
        (marking) => policies.decide(act(operation, { marking })).allowed,
      );
      expect(allowed).toEqual([true, true, true, true, false]);
    }
  });
});

const party = 'party_00000000000000000000000000' as Id<'party'>; // only compared
const principal = fc.constantFrom('coordinators', 'public', party, 'party_other');
const grants: fc.Arbitrary<Grant[]> = fc.array(
  fc.record({ principal, level: fc.constantFrom(...Object.values(levels)) }),
  { maxLength: 4 },
);

describe('VIS-9: nobody acts on what it does not see', () => {
  test('for any audience, role and operation: permit answers as visible does', async () => {
    const role = fc.constantFrom(...builtInRoles);
    const operation = fc.constantFrom(...subjects);
    await fc.assert(
      fc.asyncProperty(grants, role, operation, async (audience, by, asked) => {
        const caller: Caller = {
          actor: { id: party, role: by.name, principals: by.principals },
          permissions: by.permissions,
          scope: null,
        };
        const seen = visible(audience, principalsOf(caller.actor));
        const params = { [asked.needs?.subject ?? '']: 'x' };
        const body = { [asked.needs?.alsoInBody ?? 'none']: 'x' };
        const answer = await permit(portsOf(audience), { operation: asked, caller, params, body });
        const needed = levels[asked.needs?.level ?? 'all'];
        const mayCall = by.permissions.includes(asked.id);
        const expected =
          seen === 0 ? 'not-found' : !mayCall || seen < needed ? 'not-permitted' : seen;
        expect(answer.ok ? answer.value : answer.refusal.code).toBe(expected);
        // A policy never asks for more than there is to be seen.
        expect(needed).toBeLessThanOrEqual(levels.all);
        expect(refusedAtDoor(asked, caller) === null).toBe(mayCall);
      }),
      { numRuns: 300 },
    );
  });
});

/** A database that answers levelOf() from an audience, as the relation would. */
function portsOf(audience: readonly Grant[]): PermitPorts {
  const reader = {
    rows: async () => [],
    row: async (query: RawBuilder<unknown>) => {
      const asked = JSON.stringify(query.toOperationNode());
      const as = audience.filter((grant) => asked.includes(JSON.stringify(grant.principal)));
      return { level: Math.max(0, ...as.map((grant) => grant.level)) };
    },
  };
  const database = { read: (work: (r: typeof reader) => unknown) => work(reader) };
  return {
    database: database as unknown as Database, // permit() reads alone
    policies,
    facts: { caseOfJoin: async () => 'x', markingOf: async () => 'AMBER' },
  };
}

describe('POL-7: a faulty set of policies is not served with', () => {
  const base =
    'entity Party = { "role": String }; entity Installation, Case, Finding, Notice, Join; type Sees = { "summary": Bool, "detail": Bool, "all": Bool };';
  const open = async (cedar: string) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'breakwater-policies-'));
    await writeFile(path.join(folder, 'schema.cedarschema'), base);
    await writeFile(path.join(folder, 'one.cedar'), cedar);
    return () => openPolicies(folder);
  };
  test.each([
    ['no text of the language', 'permit everything;'],
    ['no id', 'permit (principal, action, resource);'],
    [
      'an operation that is not',
      '@id("a") permit (principal, action == Action::"collect.got", resource);',
    ],
    [
      'an attribute that is not',
      '@id("a") permit (principal, action, resource) when { principal.rank > 3 };',
    ],
    [
      'a fact that the operation does not declare to weigh',
      '@id("a") forbid (principal, action == Action::"coordinate.say", resource) when { context.marking == "RED" };',
    ],
    [
      'one id twice',
      '@id("a") permit (principal, action, resource); @id("a") permit (principal, action, resource);',
    ],
  ])('%s', async (_, cedar) => {
    expect(await open(cedar)).toThrow(expect.objectContaining({ name: 'PoliciesInvalid' }));
  });
});

describe('POL-6: a role of one’s own', () => {
  const wish = { name: 'triager', permissions: ['coordinate.get'], principals: ['coordinators'] };
  const codeOf = (r: ReturnType<typeof decideRole>) => (r.ok ? 'added' : r.refusal.code);
  test.each([
    [{}, null, 'added'],
    [{}, { built_in: false }, 'added'],
    [{}, { built_in: true }, 'role-built-in'],
    [{ permissions: ['coordinate.rule'] }, null, 'operation-unknown'],
    [{ permissions: ['directory.add-role'] }, null, 'permission-too-wide'],
    [{ permissions: ['engage.open', 'engage.leave'] }, null, 'way-out-missing'],
    [{ permissions: ['early-access.open-window'] }, null, 'way-out-missing'],
    [{ principals: ['public'] }, null, 'principal-unknown'],
  ] as const)('%j over %j: %s', (part, standing, code) => {
    expect(codeOf(decideRole({ ...wish, ...part }, standing))).toBe(code);
  });
});

test('every level has a name, and the names are the contract’s', () => {
  expect(Object.keys(levels)).toEqual([...levelNames]);
});
