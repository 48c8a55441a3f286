import type { LeaveReason, Method } from '@breakwater/contract';
import type { Instant } from '@breakwater/kernel';
import {
  type Authorization,
  leaveOf,
  needsLeave,
  type Pace,
  type Place,
  type Target,
} from '@breakwater/scope';

/** A scope that stands, apart from what its owner's word is worth. */
export type Written = Omit<Authorization, 'standing'> & { readonly owner: string };

/** A proof of control that was found at least once and not given up. */
export interface Proof {
  readonly party: string;
  readonly lineage: string;
  readonly validUntil: Instant;
}

/** What a coordinator decided where two had proven control. */
export interface Settlement {
  readonly lineage: string;
  readonly believed: string;
  readonly over: string;
}

/** What is known at, in and around the places asked about. */
export interface LeaveFacts {
  readonly written: readonly Written[];
  readonly proofs: readonly Proof[];
  readonly settlements: readonly Settlement[];
  /** Lineages of stops that stand. */
  readonly stops: readonly string[];
}

export interface Asked {
  readonly places: readonly Place[];
  readonly except: readonly Target[];
  readonly methods: readonly Method[];
  readonly party: string;
  readonly role: string;
  /** When it begins. */
  readonly at: Instant;
  /** When it ends; null: it is asked about one moment. */
  readonly until: Instant | null;
}

/** Yes or no, and why. */
export interface Leave {
  readonly allowed: boolean;
  readonly reasons: readonly LeaveReason[];
  /** Scopes it rests on; empty where none is needed. */
  readonly authorizations: readonly string[];
  /** The slowest of their paces; null: none is needed. */
  readonly pace: Pace | null;
  /** Until when it holds at most: the end of a scope, or the next never-time. */
  readonly until: Instant | null;
  /** When it is worth asking again; null: that is not known. */
  readonly again: Instant | null;
}

/**
 * DCF-33: whether somebody may do something somewhere. On a live system, and by what reaches one, only
 * what owners who show control allow in writing; otherwise no leave is needed. A stop that stands forbids both. What
 * scopes say that do not name the asker is not told: to it they are none.
 */
export function leaveAt(asked: Asked, facts: LeaveFacts): Leave {
  const live = asked.places.filter(({ target }) => needsLeave(target, asked.methods));
  const each = live.map((place) => atPlace(asked, facts, place));
  const missing = each.filter(({ allowed }) => !allowed);
  if (missing.length > 0) {
    const again = missing.map((leave) => leave.again);
    return denied([...new Set(missing.flatMap(({ reasons }) => reasons))], lastOf(again));
  }
  if (asked.places.some(({ target }) => isStopped(target, asked.except, facts.stops))) {
    return denied(['stopped'], null);
  }
  return {
    allowed: true,
    reasons: [live.length === 0 ? 'needs-no-leave' : 'allowed'],
    authorizations: [...new Set(each.flatMap(({ authorizations }) => authorizations))],
    pace: slowest(each.flatMap(({ pace }) => pace ?? [])),
    until: each.flatMap(({ until }) => until ?? []).toSorted()[0] ?? null,
    again: null,
  };
}

/** DCF-34: where an owner stands as to control of a place at a moment. */
export function controlOf(
  owner: string,
  place: { readonly lineage: string; readonly except: readonly string[] },
  facts: Pick<LeaveFacts, 'proofs' | 'settlements'> & { readonly at: Instant },
): 'held' | 'control-missing' | 'control-lapsed' | 'control-contested' {
  const { lineage } = place;
  const own = facts.proofs.filter((p) => p.party === owner && lineage.startsWith(p.lineage));
  if (own.length === 0) return 'control-missing';
  if (!own.some(({ validUntil }) => validUntil > facts.at)) return 'control-lapsed';
  const rivals = facts.proofs.filter(
    (p) =>
      p.party !== owner &&
      p.validUntil > facts.at &&
      overlap(p.lineage, lineage) &&
      !place.except.some((out) => p.lineage.startsWith(out)),
  );
  const beaten = (rival: Proof) =>
    facts.settlements.some(
      (s) =>
        s.believed === owner &&
        s.over === rival.party &&
        deeper(rival.lineage, lineage).startsWith(s.lineage),
    );
  return rivals.every(beaten) ? 'held' : 'control-contested';
}

/** Whether a stop stands on any part of a target that is not left out. */
export function isStopped(
  { lineage }: { readonly lineage: string },
  except: readonly { readonly lineage: string }[],
  stops: readonly string[],
): boolean {
  return stops.some(
    (stop) => overlap(stop, lineage) && !except.some((out) => stop.startsWith(out.lineage)),
  );
}

/** Of two targets one lies in the other, or they have nothing in common. */
export function overlap(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}

/** Of two lineages that overlap the one that lies in the other. */
export function deeper(a: string, b: string): string {
  return a.length > b.length ? a : b;
}

function atPlace(asked: Asked, facts: LeaveFacts, place: Place): Leave {
  const { lineage } = place.target;
  const except = asked.except.map((out) => out.lineage);
  const authorizations = facts.written.map((written) =>
    heardAt(written, { lineage, except }, { ...facts, at: asked.at }),
  );
  const leave = leaveOf(
    authorizations,
    {
      extent: { places: [place], except: asked.except, methods: asked.methods },
      party: asked.party,
      roles: [asked.role],
    },
    asked.at,
  );
  const naming = facts.written.filter(
    ({ parties, roles, targets }) =>
      (parties.includes(asked.party) || roles.includes(asked.role)) &&
      targets.some((target) => lineage.startsWith(target.lineage)),
  );
  if (naming.length === 0) return denied(['no-authorization'], null);
  if (!leave.allowed) {
    const told = leave.reasons.flatMap(({ rule, authorization: by }) =>
      rule !== 'not-for-you' && (noes.has(rule) || naming.some(({ id }) => id === by))
        ? [rule]
        : [],
    );
    return denied(told.length === 0 ? ['no-authorization'] : told, leave.again);
  }
  const { until } = asked;
  const short = naming.some(
    (each) =>
      leave.authorizations.includes(each.id) &&
      until !== null &&
      each.until !== null &&
      until > each.until,
  );
  if (short) return denied(['over'], null);
  return { ...leave, reasons: ['allowed'] };
}

/** What is told of scopes that do not name the asker: that they forbid it (D-61). */
const noes: ReadonlySet<string> = new Set(['out-of-scope', 'never-time', 'stopped']);

/**
 * What an owner's scope is worth at a place. Who has shown control of a part of it alone is heard as
 * to that part, and only where it says no: or whoever names more than the part would not hear it.
 */
function heardAt(
  written: Written,
  place: { readonly lineage: string; readonly except: readonly string[] },
  facts: Parameters<typeof controlOf>[2],
): Authorization {
  const control = controlOf(written.owner, place, facts);
  if (control === 'held') return { ...written, standing: 'good' };
  if (control !== 'control-missing') return { ...written, standing: control };
  const parts = facts.proofs.flatMap(({ party, lineage }) =>
    party === written.owner && lineage.startsWith(place.lineage) ? [lineage] : [],
  );
  if (parts.length === 0) return { ...written, standing: control };
  const within = (targets: readonly Target[]) =>
    targets.flatMap((target) =>
      parts
        .filter((part) => overlap(part, target.lineage))
        .map((part) => ({ ...target, lineage: deeper(part, target.lineage) })),
    );
  const { targets, except } = written;
  return {
    ...written,
    targets: within(targets),
    except: within(except),
    standing: 'control-lapsed',
  };
}

function denied(reasons: readonly LeaveReason[], again: Instant | null): Leave {
  return {
    allowed: false,
    reasons: [...new Set(reasons)],
    authorizations: [],
    pace: null,
    until: null,
    again,
  };
}

/** The last of the moments; null where one of them is not known. */
function lastOf(moments: readonly (Instant | null)[]): Instant | null {
  return moments.includes(null)
    ? null
    : (moments
        .flatMap((each) => each ?? [])
        .toSorted()
        .at(-1) ?? null);
}

function slowest(paces: readonly Pace[]): Pace | null {
  const least = (values: readonly (number | null)[]) => {
    const bounds = values.flatMap((value) => value ?? []);
    return bounds.length === 0 ? null : Math.min(...bounds);
  };
  if (paces.length === 0) return null;
  return {
    requestsPerSecond: least(paces.map(({ requestsPerSecond }) => requestsPerSecond)),
    connections: least(paces.map(({ connections }) => connections)),
  };
}
