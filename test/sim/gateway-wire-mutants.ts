import type { FaultKind } from './gateway-wire-faults.ts';

/** A fault that is put into the gateway's code, and what is to be said of it. */
export interface Mutant {
  readonly name: string;
  readonly changes: readonly {
    readonly file: string;
    readonly from: string;
    readonly to: string;
  }[];
  readonly finds: FaultKind;
}

const meters = (name: string) => `gateway/meters/${name}`;

/** Each is found by what others saw; the text that is replaced has to be there once. */
export const mutants: readonly Mutant[] = [
  {
    name: 'a settlement of fifty is dropped',
    changes: [
      {
        file: meters('life.ts'),
        from: 'this.saver.add({ row, minute, day, lane, slots });',
        to: 'if (!/[0-9a]$/.test(row.salt) || !row.salt.startsWith("1")) this.saver.add({ row, minute, day, lane, slots });',
      },
    ],
    finds: 'a call without its one settlement',
  },
  {
    name: 'what a dead process had open is granted again',
    changes: [
      {
        file: meters('recover.ts'),
        from: '...(journal?.open ?? []).map((o) => lostRow(o, now))',
        to: '',
      },
    ],
    finds: 'a call without its one settlement',
  },
  {
    name: 'one more than the quota',
    changes: [
      {
        file: meters('store.ts'),
        from: 'limit === undefined ? [] : [{ span, from, kind, limit }],',
        to: 'limit === undefined ? [] : [{ span, from, kind, limit: limit + 1 }],',
      },
    ],
    finds: 'spent beyond a quota',
  },
  {
    name: 'refused by what others hold unused',
    changes: [
      {
        file: meters('lease.ts'),
        from: 'isBefore ? isUnanswered : isElsewhere;',
        to: 'isBefore && !isBefore ? isUnanswered : isElsewhere && !isElsewhere;',
      },
      // There is more of it where leases do not shrink toward the edge.
      {
        file: meters('lease.ts'),
        from: 'const share = Math.floor(free / (2 * Math.max(1, pace.processes)));',
        to: 'const share = free;',
      },
    ],
    finds: 'a wrong refusal',
  },
  {
    name: 'a caller that leaves pays nothing',
    changes: [
      {
        file: 'gateway/wire/exchange.ts',
        from: "this.#settle(answer?.figures() ?? 'full', {",
        to: "this.#settle(this.#isOver ? 'unused' : (answer?.figures() ?? 'full'), {",
      },
    ],
    finds: 'other figures than were told',
  },
  {
    name: 'half an answer is settled by the figures it had',
    changes: [
      {
        file: 'gateway/wire/exchange.ts',
        from: "this.#settle('full', { status: this.#statusSent(), digest });",
        to: "this.#settle(this.#answer?.figures() ?? 'unused', { status: this.#statusSent(), digest });",
      },
    ],
    finds: 'other figures than were told',
  },
  {
    name: 'a call that broke off is made again',
    changes: [
      {
        file: 'gateway/wire/retry.ts',
        from: "if (!isAnswered && end.kind !== 'unreached') return null;",
        to: "if (!isAnswered && end.kind !== 'unreached' && end.kind !== 'unanswered') return null;",
      },
    ],
    finds: 'a call without its one settlement',
  },
  {
    name: 'a figure is one too many',
    changes: [
      {
        file: meters('life.ts'),
        from: 'const { inputTokens, outputTokens } = taken;',
        to: 'const { inputTokens } = taken; const outputTokens = taken.outputTokens + 1;',
      },
    ],
    finds: 'other figures than were told',
  },
  {
    name: 'more comes a minute too early',
    changes: [
      {
        file: meters('spans.ts'),
        from: 'Date.parse(from) + lengthMs[span]',
        to: 'Date.parse(from)',
      },
    ],
    finds: 'a wrong refusal',
  },
  {
    name: 'two more at one time than may be',
    changes: [
      {
        file: meters('store.ts'),
        from: 'limit === undefined ? [] : [{ span, from, kind, limit }],',
        to: 'limit === undefined ? [] : [{ span, from, kind, limit: span === "now" ? limit + 2 : limit }],',
      },
    ],
    finds: 'more at one time than may be',
  },
];
