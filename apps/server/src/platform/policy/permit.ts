import type { Need, Operation } from '@breakwater/contract';
import { ok, type Refusal, type Result, refuse, type Tlp } from '@breakwater/kernel';
import type { levels } from '../commands/audience.ts';
import type { Actor } from '../commands/commands.ts';
import { levelOf } from '../commands/visibility.ts';
import type { Database, Reader } from '../database/database.ts';
import { notSeen } from './not-seen.ts';
import type { Forbidden, Policies, Subject } from './policies.ts';

/** A caller as far as permission goes. */
export interface Caller {
  readonly actor: Actor;
  /** What its role may call. */
  readonly permissions: readonly string[];
  /** What its key may call of that; null: all. */
  readonly scope: readonly string[] | null;
}

/** What policies weigh and other slices know; bound in slices/index.ts. */
export interface WeighedFacts {
  /** The case that a join was decided in, or null. */
  caseOfJoin(reader: Reader, join: string): Promise<string | null>;
  /** The strictest marking among the findings of a case. */
  markingOf(reader: Reader, caseId: string): Promise<Tlp>;
}

export interface PermitPorts {
  readonly database: Database;
  readonly policies: Policies;
  readonly facts: WeighedFacts;
}

/** A parsed call of an operation. */
export interface Wish {
  readonly operation: Operation;
  /** null: nobody, who may call what is public. */
  readonly caller: Caller | null;
  readonly params: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/**
 * Whether role and key name the operation at all; asked before anything of the request is read, so
 * that a role which may never call it learns nothing of what there is. null where they do.
 */
export function refusedAtDoor(operation: Operation, caller: Caller | null): Refusal | null {
  if (caller === null) return operation.callers.includes('public') ? null : keyMissing;
  const { roleAllows, keyAllows } = allowances(operation, caller);
  if (roleAllows && keyAllows) return null;
  return {
    code: 'not-permitted',
    expected: `a key that may call ${operation.id}: ${operation.callers.join(', ')}`,
    got: roleAllows ? 'a key whose scope leaves it out' : `a key of a ${caller.actor.role}`,
    todo: 'use another key, or ask the administrator for one',
  };
}

/**
 * Decides a call by the policies: the one place where acts are authorized. A thing the caller does
 * not see is refused as not there, before any policy could tell that it is.
 *
 * @returns the level at which the caller sees what the call is about; 0 where it is about nothing.
 */
export async function permit(
  ports: PermitPorts,
  wish: Wish,
): Promise<Result<number, 'not-found' | 'not-permitted'>> {
  const { operation, caller } = wish;
  const subject =
    operation.needs === undefined ? null : await subjectOf(ports, wish, operation.needs);
  if (subject?.level === 0 && operation.needs !== undefined) {
    return refuse(notSeen(withArticle(nounOf(operation.needs.subject))));
  }
  const { roleAllows, keyAllows } = allowances(operation, caller);
  const decision = ports.policies.decide({
    operation,
    party: { id: caller?.actor.id ?? 'public', role: caller?.actor.role ?? 'public' },
    roleAllows,
    keyAllows,
    subject,
  });
  return decision.allowed ? ok(subject?.level ?? 0) : refuse(stopped(operation, decision.by));
}

/** What a path parameter is called to people. */
function nounOf(subject: string): string {
  return subject === 'gkey' ? 'key of the gateway' : subject;
}

function withArticle(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}

/** What `caller` may call: its role's permissions, within the scope of its key. */
export function mayCall({ permissions, scope }: Caller): readonly string[] {
  return scope === null ? permissions : permissions.filter((id) => scope.includes(id));
}

function allowances(operation: Operation, caller: Caller | null) {
  if (caller === null) {
    return { roleAllows: operation.callers.includes('public'), keyAllows: true };
  }
  return {
    roleAllows: caller.permissions.includes(operation.id),
    keyAllows: caller.scope === null || caller.scope.includes(operation.id),
  };
}

async function subjectOf(
  { database, facts }: PermitPorts,
  { caller, params, body }: Wish,
  needs: Need,
): Promise<Subject> {
  const id = String(params[needs.subject]);
  const actor = caller?.actor ?? null;
  return await database.read(async (reader) => {
    const ruling = needs.subject === 'join' ? await facts.caseOfJoin(reader, id) : id;
    const ids = [
      ruling,
      ...(needs.alsoInBody === undefined ? [] : [named(body, needs.alsoInBody)]),
    ];
    const seen: number[] = [];
    for (const each of ids) seen.push(each === null ? 0 : await levelOf(reader, each, actor));
    const level = Math.min(...seen);
    if (level === 0 || ruling === null || !needs.weighs?.includes('marking')) return { id, level };
    return { id, level, marking: await facts.markingOf(reader, ruling) };
  });
}

function named(body: unknown, field: string): string | null {
  const value: unknown =
    typeof body === 'object' && body !== null ? Reflect.get(body, field) : undefined;
  return typeof value === 'string' ? value : null;
}

function stopped(operation: Operation, by: readonly Forbidden[]) {
  const said = by.find((policy) => policy.expected !== null);
  const level = operation.needs?.level ?? 'summary';
  return {
    code: 'not-permitted',
    expected:
      said?.expected ??
      `a ${nounOf(operation.needs?.subject ?? 'thing')} of which you see ${inWords[level]}`,
    got:
      said === undefined
        ? 'one of which you see less'
        : `one that ${said.id} keeps from ${operation.id}`,
    todo: said?.todo ?? 'ask the coordinator whether you should see more of it',
  } as const;
}

const inWords: Readonly<Record<keyof typeof levels, string>> = {
  summary: 'that it exists',
  detail: 'the reports and messages',
  all: 'everything',
};

const keyMissing: Refusal = {
  code: 'key-missing',
  expected: 'an API key in the Authorization header, as Bearer',
  got: 'none',
  todo: 'send a key; the terminal client takes it from BREAKWATER_KEY or --key. Whoever runs the server makes one: npx breakwater admin key',
};
