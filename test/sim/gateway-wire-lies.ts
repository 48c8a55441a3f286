import type { FaultKind } from './gateway-wire-faults.ts';
import type { Called, Row, Seen } from './gateway-wire-seen.ts';

/** A world that differs from one in which all is well by one thing, and what is to be said of it. */
export interface Lie {
  readonly name: string;
  readonly found: FaultKind;
  readonly seen: Seen;
}

/** Lies of every kind about a world, so that an audit that finds nothing is known to look. */
export function liesAbout(seen: Seen): readonly Lie[] {
  const { rows, calls, served, keys, processes } = seen;
  const settled = one(rows.filter(({ figures }) => figures === 'upstream'));
  const closed = one(processes.filter(({ endedHow }) => endedHow === 'closed'));
  const whole = one(calls.filter(({ end, status }) => end === 'whole' && status === 200));
  const told = one(served.filter(({ end }) => end === 'whole'));
  // Of places no moment is told.
  const refused = one(calls.filter((call) => call.refused?.message.includes('more at') === true));
  const asRow = (row: Row, as: Partial<Row>) => ({
    ...seen,
    rows: rows.map((each) => (each === row ? { ...row, ...as } : each)),
  });
  const asCall = (call: Called, as: Partial<Called>) => ({
    ...seen,
    calls: calls.map((each) => (each === call ? { ...call, ...as } : each)),
  });
  const more = { ...settled.settled, outputTokens: settled.settled.outputTokens + 1 };
  const [first, ...others] = keys;
  const limitedTo = (requests: number) => ({
    ...seen,
    keys:
      first === undefined ? [] : [{ ...first, limits: grantOf(first.limits, requests) }, ...others],
  });
  const spent = seen.meters.find(
    ({ key, span, kind }) => key === first?.id && span === 'grant' && kind === 'requests',
  );
  const { refused: words } = refused;
  return [
    {
      name: 'a settlement is not there',
      found: 'a call without its one settlement',
      seen: { ...seen, rows: rows.filter((row) => row !== settled) },
    },
    {
      name: 'a settlement is there twice',
      found: 'a call without its one settlement',
      seen: { ...seen, rows: [...rows, { ...settled, id: 'another' }] },
    },
    {
      name: 'a settlement of a call that nobody made',
      found: 'a settlement of no call',
      seen: { ...seen, rows: [...rows, { ...settled, requestDigest: 'sha256:00' }] },
    },
    {
      name: 'a call that was taken up twice',
      found: 'a call without its one settlement',
      seen: { ...seen, served: [...served, told] },
    },
    {
      name: 'a token more than was told',
      found: 'other figures than were told',
      seen: asRow(settled, { settled: more }),
    },
    {
      name: 'figures that were lost by a process that lived on',
      found: 'other figures than were told',
      seen: asRow(settled, { figures: 'lost', settled: settled.reserved, process: closed.id }),
    },
    {
      name: 'a token less reserved',
      found: 'another reservation than was asked for',
      seen: asRow(settled, {
        reserved: { ...settled.reserved, outputTokens: settled.reserved.outputTokens - 1 },
      }),
    },
    {
      name: 'one request beyond a quota',
      found: 'spent beyond a quota',
      seen: limitedTo((spent?.used ?? 0) - 1),
    },
    {
      name: 'refusals while there was enough',
      found: 'a wrong refusal',
      seen: limitedTo(2 * (spent?.used ?? 0)),
    },
    {
      name: 'a refusal that tells a wrong moment',
      found: 'a wrong refusal',
      seen: asCall(refused, {
        refused: words && { ...words, retryAfter: (words.retryAfter ?? 0) + 100 },
      }),
    },
    {
      name: 'a refusal without a reason',
      found: 'an unasked refusal',
      seen: asCall(refused, {
        status: 503,
        refused: words && { ...words, code: 'too-much-unsaved' },
      }),
    },
    {
      name: 'another answer',
      found: 'another answer than was given',
      seen: asCall(whole, { answer: 'another' }),
    },
    {
      name: 'a lease that nobody gave back',
      found: 'left over',
      seen: { ...seen, leases: 1 },
    },
  ];
}

function grantOf<T extends { readonly grant: object }>(limits: T, requests: number): T {
  return { ...limits, grant: { ...limits.grant, requests } };
}

function one<T>(all: readonly T[]): T {
  const found = all[Math.floor(all.length / 2)];
  if (found === undefined) throw new Error('expected one at least');
  return found;
}
