import type { Authorization, Body, Method } from '@breakwater/contract';
import { type authorizations, methods } from '@breakwater/contract';
import { type Id, parseId } from '@breakwater/kernel';
import { linesOf } from './claim-draft.ts';
import { instantOf, localOf } from './moment-field.tsx';
import { sentOf } from './target-field.tsx';
import { targetsWrong } from './targets-field.tsx';
import { draftOfNever, neverOf, type TimesDraft, timesWrong } from './times-draft.ts';

/** An authorization as its owner types it; moments on the clocks of the reader. */
export interface AuthorizationDraft {
  readonly targets: string;
  readonly except: string;
  readonly methods: readonly Method[];
  /** Everybody whose role is finder. */
  readonly finders: boolean;
  /** Ids of parties, one a line. */
  readonly parties: string;
  readonly from: string;
  readonly until: string;
  readonly requestsPerSecond: string;
  readonly connections: string;
  readonly never: TimesDraft;
  readonly contact: string;
}

type Written = Body<typeof authorizations.authorize>;

interface Clock {
  readonly zone: string;
  readonly nowMs: number;
}

const monthMs = 30 * 86_400_000;

/** A new one: the target, the gentlest look at a live system, for a month from now. */
export function newAuthorization(target: string, { zone, nowMs }: Clock): AuthorizationDraft {
  const at = (ms: number) => localOf(new Date(ms).toISOString(), zone);
  return {
    targets: target,
    except: '',
    methods: ['passive'],
    // Whom one allows in is one's own decision: nobody is by default.
    finders: false,
    parties: '',
    from: at(nowMs),
    until: at(nowMs + monthMs),
    requestsPerSecond: '5',
    connections: '',
    never: { zone, weekly: [], once: [], yearly: [] },
    contact: '',
  };
}

/** What stands, to be changed. */
export function draftOfAuthorization(item: Authorization, zone: string): AuthorizationDraft {
  return {
    targets: item.targets.join('\n'),
    except: item.except.join('\n'),
    methods: item.methods,
    finders: item.roles?.includes('finder') ?? false,
    parties: (item.parties ?? []).map(({ id }) => id).join('\n'),
    from: localOf(item.from, zone),
    until: localOf(item.until, zone),
    requestsPerSecond: String(item.pace.requestsPerSecond ?? ''),
    connections: String(item.pace.connections ?? ''),
    never: draftOfNever(item.never),
    contact: item.contact ?? '',
  };
}

/** What keeps it from being sent; null: nothing. */
export function authorizationWrong(draft: AuthorizationDraft, zone: string): string | null {
  const except = linesOf(draft.except).length === 0 ? null : targetsWrong(draft.except);
  const [from, until] = [instantOf(draft.from, zone), instantOf(draft.until, zone)];
  if (targetsWrong(draft.targets) !== null) return targetsWrong(draft.targets);
  if (except !== null) return 'A place out of scope cannot be read.';
  if (draft.methods.length === 0) return 'Choose a method first.';
  if (!draft.finders && partiesOf(draft).length === 0) return 'Say who may first.';
  if (partiesOf(draft).length < linesOf(draft.parties).length) {
    return 'An id of a party cannot be read: expected party_ and 26 small letters and digits.';
  }
  if (from === null || until === null) return 'Give the beginning and the end first.';
  if (until <= from) return 'It ends before it begins.';
  if (!isBound(draft.requestsPerSecond) || !isBound(draft.connections)) {
    return 'A bound is a number above zero, or empty.';
  }
  const times = timesWrong(draft.never);
  return times ?? (draft.contact.trim() === '' ? 'Say how you are reached first.' : null);
}

/** The scope as it is sent; null: something is wrong with it. */
export function authorizationOf(
  draft: AuthorizationDraft,
  zone: string,
  standing: Pick<Authorization, 'roles'> | null,
): Written | null {
  const [from, until] = [instantOf(draft.from, zone), instantOf(draft.until, zone)];
  if (from === null || until === null || authorizationWrong(draft, zone) !== null) return null;
  // Roles that this form does not show stay as they stand.
  const others = (standing?.roles ?? []).filter((role) => role !== 'finder');
  return {
    targets: linesOf(draft.targets).map(sentOf),
    except: linesOf(draft.except).map(sentOf),
    methods: methods.filter((method) => draft.methods.includes(method)),
    parties: [...partiesOf(draft)],
    roles: [...(draft.finders ? ['finder'] : []), ...others],
    from,
    until,
    pace: {
      requestsPerSecond: boundOf(draft.requestsPerSecond),
      connections: boundOf(draft.connections),
    },
    never: neverOf(draft.never),
    contact: draft.contact.trim(),
  };
}

function partiesOf({ parties }: AuthorizationDraft): readonly Id<'party'>[] {
  return linesOf(parties).flatMap((line) => parseId('party', line) ?? []);
}

function isBound(text: string): boolean {
  return text.trim() === '' || Number(text) > 0;
}

function boundOf(text: string): number | null {
  return text.trim() === '' ? null : Number(text);
}
