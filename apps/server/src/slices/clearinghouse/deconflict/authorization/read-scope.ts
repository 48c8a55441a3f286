import type { authorizations, Body } from '@breakwater/contract';
import { addMilliseconds, ok, type Refusal, type Result, refuse } from '@breakwater/kernel';
import { parseException, parseNeverTimes, parseTarget, type Target } from '@breakwater/scope';
import type { AuthorizationPlaces, AuthorizationRow } from './store.ts';

/** The longest time for which one scope is written: whoever still means it writes it again. */
const scopeMsMax = 2 * 366 * 24 * 60 * 60 * 1_000;

type Written = Omit<Body<typeof authorizations.authorize>, 'contact'>;

/** What of a scope is kept, in canonical form. */
export interface ReadScope {
  readonly row: Pick<
    AuthorizationRow,
    | 'targets'
    | 'except_targets'
    | 'methods'
    | 'parties'
    | 'roles'
    | 'from_at'
    | 'until_at'
    | 'pace'
    | 'never'
  >;
  readonly places: AuthorizationPlaces;
}

export type ScopeRefusal = 'target-malformed' | 'zone-unknown' | 'window-empty' | 'window-too-long';

/** Reads a scope as it was sent. */
export function readScope(body: Written): Result<ReadScope, ScopeRefusal> {
  const targets = targetsOf(body.targets, '/targets');
  if (!targets.ok) return targets;
  const except = exceptionsOf(body.except);
  if (!except.ok) return except;
  if (body.from >= body.until) return refuse(empty('/until'));
  if (body.until > addMilliseconds(body.from, scopeMsMax)) return refuse(tooLong);
  const never = parseNeverTimes(body.never);
  if (!never.ok) {
    const code = never.refusal.code === 'zone-unknown' ? 'zone-unknown' : 'window-empty';
    return refuse({ ...never.refusal, code, pointer: '/never' });
  }
  const texts = (list: readonly Target[]) => [...new Set(list.map(({ text }) => text))];
  return ok({
    row: {
      targets: texts(targets.value),
      except_targets: texts(except.value),
      methods: [...new Set(body.methods)],
      parties: [...new Set(body.parties)],
      roles: [...new Set(body.roles)],
      from_at: body.from,
      until_at: body.until,
      pace: body.pace,
      never: never.value,
    },
    places: {
      lineages: targets.value.map(({ lineage }) => lineage),
      except: except.value.map(({ lineage }) => lineage),
    },
  });
}

/** One target of a request. */
export function targetOf(text: string, pointer: string): Result<Target, 'target-malformed'> {
  const parsed = parseTarget(text);
  return parsed.ok ? parsed : refuse(malformed(parsed.refusal, pointer));
}

function targetsOf(
  texts: readonly string[],
  pointer: string,
): Result<readonly Target[], 'target-malformed'> {
  const targets: Target[] = [];
  for (const [i, text] of texts.entries()) {
    const parsed = targetOf(text, `${pointer}/${i}`);
    if (!parsed.ok) return parsed;
    targets.push(parsed.value);
  }
  return ok(targets);
}

/** What is left out, each under all its schemes and ports. */
function exceptionsOf(texts: readonly string[]): Result<readonly Target[], 'target-malformed'> {
  const targets: Target[] = [];
  for (const [i, text] of texts.entries()) {
    const parsed = parseException(text);
    if (!parsed.ok) return refuse(malformed(parsed.refusal, `/except/${i}`));
    targets.push(...parsed.value);
  }
  return targets.length > exceptionsMax ? refuse(tooManyOut) : ok(targets);
}

/** Everybody who asks for leave near them waits until each of them has been read. */
const exceptionsMax = 1_000;

const tooManyOut = {
  code: 'target-malformed',
  expected: `at most ${exceptionsMax} exceptions, each scheme and port counted`,
  got: 'more',
  todo: 'leave out a host as a whole, or write two scopes',
  pointer: '/except',
} as const;

function malformed(refusal: Refusal, pointer: string) {
  const { expected, got, todo } = refusal;
  return { code: 'target-malformed' as const, expected, got, todo, pointer };
}

function empty(pointer: string) {
  return {
    code: 'window-empty' as const,
    expected: 'an end behind the beginning',
    got: 'one that is not',
    todo: 'turn the two around',
    pointer,
  };
}

const tooLong = {
  code: 'window-too-long',
  expected: 'a scope of at most two years',
  got: 'a longer one',
  todo: 'choose an earlier end; whoever still means it then writes it again',
  pointer: '/until',
} as const;
