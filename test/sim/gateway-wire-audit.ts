import { createHash } from 'node:crypto';
import { silentMsMax } from '../../apps/server/src/slices/frontier/gateway/meters/recover.ts';
import {
  boundOf,
  type FaultKind,
  type Faults,
  type Joined,
  type Tell,
} from './gateway-wire-faults.ts';
import { auditRefusals } from './gateway-wire-refusals.ts';
import {
  type Amounts,
  type Called,
  prices,
  type Row,
  type Seen,
  type Served,
  type UpstreamName,
} from './gateway-wire-seen.ts';
import { Times } from './gateway-wire-times.ts';

/** Holds what callers, endpoints, and the record saw against each other. */
export function auditWire(seen: Seen): Faults {
  const found: Partial<Record<FaultKind, string[]>> = {};
  const tell: Tell = (kind, text) => {
    found[kind] ??= [];
    found[kind].push(text);
  };
  const times = new Times(seen);
  const joined = join(seen, tell);
  for (const each of joined) auditOne(each, { seen, times, tell });
  auditCalls(seen, joined, tell);
  auditAtOnce(seen, joined, tell);
  auditRefusals({ seen, times, joined, tell });
  auditLeftOver(seen, tell);
  return found;
}

/** SHA-256 of a call's body as it went on, with what is put into it. */
function digestAsSent(seen: Seen, call: Called, limit: number): string {
  const puts: string[] = [];
  if (call.output === null) {
    const name = call.isMessages ? 'max_tokens' : 'max_completion_tokens';
    puts.push(`${JSON.stringify(name)}:${limit},`);
  }
  const asks = !call.isMessages && call.body.includes('"stream":true');
  if (asks && seen.keys[call.key]?.asksUsage === true && !call.body.includes('"stream_options"')) {
    puts.push('"stream_options":{"include_usage":true},');
  }
  const body = `{${puts.join('')}${call.body.slice(1)}`;
  return `sha256:${createHash('sha256').update(body).digest('hex')}`;
}

/** Finds the call of each settlement, by its digest alone, and what endpoints know of it. */
function join(seen: Seen, tell: Tell): readonly Joined[] {
  const byN = new Map(seen.calls.map((call) => [call.n, call] as const));
  const served = Map.groupBy(seen.served, ({ digest }) => digest);
  const stated = new Map<string, Called>();
  for (const call of seen.calls) {
    if (call.output !== null) stated.set(digestAsSent(seen, call, 0), call);
  }
  const open = seen.calls.filter(({ output }) => output === null);
  const settled = new Set<string>();
  const joined = seen.rows.flatMap((row): readonly Joined[] => {
    const { requestDigest: digest, reserved } = row;
    const own = served.get(digest) ?? [];
    const call =
      stated.get(digest) ??
      byN.get(own[0]?.n ?? -1) ??
      open.find((each) => digestAsSent(seen, each, reserved.outputTokens) === digest);
    if (call === undefined || digestAsSent(seen, call, reserved.outputTokens) !== digest) {
      tell('a settlement of no call', `${row.id} has a digest that nobody sent`);
      return [];
    }
    if (seen.keys[call.key]?.id !== row.key) {
      tell('a settlement of no call', `${row.id} is of another key than its call`);
    }
    if (settled.has(digest)) {
      tell('a call without its one settlement', `${call.n} is settled twice`);
    }
    settled.add(digest);
    return [{ row, call, served: own }];
  });
  for (const [digest, [one]] of served) {
    if (!settled.has(digest)) {
      tell('a call without its one settlement', `${one?.n} was served (${one?.end})`);
    }
  }
  return joined;
}

interface By {
  readonly seen: Seen;
  readonly times: Times;
  readonly tell: Tell;
}

/** One settlement against what endpoints know: whose figures it has, and that they are those. */
function auditOne({ row, call, served }: Joined, { seen, times, tell }: By): void {
  const successes = served.filter(({ end }) => typeof end !== 'number');
  if (successes.length > 1) {
    tell('a call without its one settlement', `${call.n} was taken up ${successes.length} times`);
  }
  const expected = expectedOf({ row, call, served });
  const isLost = row.figures === 'lost' && times.wasLost(row.process);
  if (!isLost && (row.figures !== expected.figures || !isSame(row.settled, expected.settled))) {
    const told = `${expected.figures} ${JSON.stringify(expected.settled)}`;
    const got = `${row.figures} ${JSON.stringify(row.settled)}`;
    const ends = served.map(({ to, end }) => `${to} ${end}`).join(', ');
    tell('other figures than were told', `${call.n} (${ends}): expected ${told}, got ${got}`);
  }
  if (isLost && !isSame(row.settled, row.reserved)) {
    tell('other figures than were told', `${call.n} is lost, and not in full`);
  }
  const bound = boundOf(call, row.reserved.outputTokens);
  const mostOutput = seen.keys[call.key]?.limits.outputTokensMax ?? 0;
  const isStated = row.reserved.outputTokens === call.output;
  const isPut = call.output === null && row.reserved.outputTokens <= mostOutput;
  if (!isSame(row.reserved, bound) || !(isStated || isPut)) {
    tell('another reservation than was asked for', `${call.n}: ${JSON.stringify(row.reserved)}`);
  }
}

function expectedOf({ row, served }: Joined): { figures: Row['figures']; settled: Amounts } {
  const last = served.at(-1);
  if (last === undefined || typeof last.end === 'number') {
    return { figures: 'unused', settled: { inputTokens: 0, outputTokens: 0, costMicros: 0 } };
  }
  if (last.end !== 'whole') return { figures: 'none', settled: row.reserved };
  const { input: inputTokens, output: outputTokens } = last.figures;
  const costMicros = costOf(last.to, last.figures);
  return { figures: 'upstream', settled: { inputTokens, outputTokens, costMicros } };
}

function isSame(a: Amounts, b: Amounts): boolean {
  const { inputTokens, outputTokens, costMicros } = a;
  return (
    inputTokens === b.inputTokens && outputTokens === b.outputTokens && costMicros === b.costMicros
  );
}

function costOf(of: UpstreamName, { input, output, cached }: Served['figures']): number {
  const price = prices[of];
  const plain = BigInt(input - cached) * BigInt(price.input);
  const parts =
    plain + BigInt(cached) * BigInt(price.cached) + BigInt(output) * BigInt(price.output);
  return Number((parts + 999_999n) / 1_000_000n);
}

/** Calls that were answered against the record: what a caller holds is what was given and recorded. */
function auditCalls(seen: Seen, joined: readonly Joined[], tell: Tell): void {
  const byRequest = new Map(joined.map((each) => [each.row.id, each] as const));
  for (const call of seen.calls) {
    if (call.request === null || call.status === null) continue;
    const own = byRequest.get(call.request);
    if (own === undefined) {
      if (call.status === 200) {
        tell('a call without its one settlement', `${call.n} was answered as ${call.request}`);
      }
      continue;
    }
    if (call.end !== 'whole' || own.row.figures === 'lost') continue;
    if (call.status === 429) {
      tell('a settlement of no call', `${call.n} was refused and is settled`);
    }
    // What is said of a call that ends for want of news is recorded by its status alone.
    const isCut = call.refused?.code === 'not-in-touch' && own.row.responseDigest === null;
    const isDigest = isCut || own.row.responseDigest === `sha256:${call.answer}`;
    if (own.row.status !== call.status || !isDigest) {
      const { status, figures, responseDigest } = own.row;
      const got = `${call.status} ${call.refused?.code ?? ''}`.trimEnd();
      const recorded = `${status}, ${figures}, ${responseDigest === null ? 'no' : 'a'} digest`;
      tell('another answer than was given', `${call.n} got ${got}, recorded are ${recorded}`);
    }
    const last = own.served.at(-1);
    const isHidden = seen.keys[call.key]?.asksUsage === true;
    if (call.status === 200 && !isHidden && last?.answer !== call.answer) {
      tell('another answer than was given', `${call.n} is whole, and is not what was sent`);
    }
  }
}

/** Never more calls of a key at its endpoints at one time than it may make. */
function auditAtOnce(seen: Seen, joined: readonly Joined[], tell: Tell): void {
  for (const key of seen.keys) {
    const steps = joined
      .filter(({ row }) => row.key === key.id)
      .flatMap(({ served }) => served)
      // A call that ends in the same millisecond made room.
      .flatMap(({ at, endAt }) => [
        { at, by: 1 },
        { at: Math.max(at, endAt - 1), by: -1 },
      ])
      .toSorted((a, b) => a.at - b.at || a.by - b.by);
    let under = 0;
    let most = 0;
    for (const { by } of steps) {
      under += by;
      most = Math.max(most, under);
    }
    if (most > key.limits.concurrency) {
      tell('more at one time than may be', `${key.id}: ${most} of ${key.limits.concurrency}`);
    }
  }
}

function auditLeftOver({ leases, meters, processes, lives, disturbed }: Seen, tell: Tell): void {
  if (leases > 0) tell('left over', `${leases} leases`);
  const leased = meters.filter((meter) => meter.leased !== 0);
  if (leased.length > 0) tell('left over', `${leased.length} meters with something leased`);
  for (const { id, pid, seenAt, endedAt, endedHow } of processes) {
    const isGone = lives.some((life) => life.pid === pid && (life.wasKilled || life.failedToStart));
    // A word that nobody takes down is none; who lives goes on as another process then.
    const wasUnheard =
      endedAt !== null &&
      endedAt - seenAt > silentMsMax &&
      disturbed.some(
        ({ what, from, until }) => what === 'database away' && from < endedAt && until > seenAt,
      );
    const isWell = endedHow === 'closed' || (endedHow === 'recovered' && (isGone || wasUnheard));
    if (!isWell) tell('left over', `${id} ended as ${endedHow}`);
  }
}
