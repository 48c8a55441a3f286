import { waitMsMax } from '../../apps/server/src/slices/frontier/gateway/meters/lane.ts';
import type { Called, Process, Row, Seen } from './gateway-wire-seen.ts';

/** How far the moments of two processes of one machine lie apart, told in whole milliseconds. */
const slackMs = 50;

/** Told in the middle of a change that may have leased something for a call. */
const unheld: ReadonlySet<string> = new Set(['not-in-touch', 'contended']);

/** Tells, of what a process wrote down by its own clock, when it was. */
export class Times {
  readonly #seen: Seen;
  readonly #processes: ReadonlyMap<string, Process>;

  constructor(seen: Seen) {
    this.#seen = seen;
    this.#processes = new Map(seen.processes.map((each) => [each.id, each] as const));
  }

  /** Whether a process was killed, or others ended it because nobody heard of it. */
  wasLost(process: string): boolean {
    const { endedHow } = this.#processes.get(process) ?? {};
    return this.#lifeOf(process)?.wasKilled === true || endedHow === 'recovered';
  }

  /** When a request was over, at the earliest and at the latest. */
  endOf(row: Row): { readonly from: number; readonly until: number } {
    const process = this.#processes.get(row.process);
    if (row.figures === 'lost') {
      // Its process died with it, or was taken for gone; what it held is held until then.
      const died = this.#lifeOf(row.process)?.until ?? 0;
      const until = process?.endedAt ?? Infinity;
      return { from: Math.min(died, until) - slackMs, until };
    }
    const at = Date.parse(row.endedAt);
    const moments = (this.#lifeOf(row.process)?.shifts ?? []).flatMap(
      ({ offsetMs, from, until }) => {
        const moment = at - offsetMs;
        return moment >= from - slackMs && moment <= until + slackMs ? [moment] : [];
      },
    );
    if (moments.length === 0) return { from: -Infinity, until: Infinity };
    return { from: Math.min(...moments) - slackMs, until: Math.max(...moments) + slackMs };
  }

  /**
   * Until when something may have been leased for a call that has no row: it was told that its process
   * lost touch, or that it took too long; or was told nothing while that was killed, had its clock set, or had no database.
   */
  inVainUntil({ gateway, refused, status, end, sentAt, endAt }: Called): number | null {
    if (refused !== null && unheld.has(refused.code)) return endAt + slackMs;
    if (status !== null || end === 'unreached') return null;
    // Of a caller that left it goes on until it has its answer.
    const until = endAt + (end === 'left' ? waitMsMax : 0) + slackMs;
    const isIn = (from: number, to: number) => from <= until && sentAt <= to;
    const lives = this.#seen.lives.filter((life) => life.gateway === gateway);
    const isLost =
      lives.some((life) => life.wasKilled && isIn(life.until, life.until)) ||
      lives.some(({ shifts }) => shifts.some(({ from }, at) => at > 0 && isIn(from, from))) ||
      this.#seen.disturbed.some(
        ({ what, ...of }) => what === 'database away' && isIn(of.from, of.until),
      );
    return isLost ? until : null;
  }

  /** What a gateway's clock may have said between two moments. */
  clockOf(gateway: number, since: number, until: number): { from: number; until: number } {
    const offsets = this.#seen.lives
      .filter((life) => life.gateway === gateway)
      .flatMap(({ shifts }) => shifts)
      .filter((shift) => shift.from <= until && shift.until >= since)
      .map(({ offsetMs }) => offsetMs);
    const all = offsets.length === 0 ? [0] : offsets;
    return { from: since + Math.min(...all) - 1, until: until + Math.max(...all) + 1 };
  }

  #lifeOf(process: string) {
    const pid = this.#processes.get(process)?.pid;
    return this.#seen.lives.find((life) => life.pid === pid);
  }
}
