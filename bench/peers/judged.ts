import type { Row } from '../row.ts';

/** How often a rule joined, of pairs that are one and of pairs that are not. */
export interface Judged {
  readonly joinedSame: number;
  readonly same: number;
  readonly joinedDifferent: number;
  readonly different: number;
}

/** A pair with the truth and what a rule says of it. */
export interface Verdict {
  readonly isSame: boolean;
  readonly joined: boolean;
}

export function judge(verdicts: readonly Verdict[]): Judged {
  const count = (isSame: boolean, joined?: boolean) =>
    verdicts.filter((v) => v.isSame === isSame && (joined === undefined || v.joined === joined))
      .length;
  return {
    joinedSame: count(true, true),
    same: count(true),
    joinedDifferent: count(false, true),
    different: count(false),
  };
}

/** Recall: of pairs that are one, those joined. Precision: of pairs joined, those that are one. */
export function rowsOf(rule: string, judged: Judged, peer?: Judged): Row[] {
  const recall = ({ joinedSame, same }: Judged) => share(joinedSame, same);
  const precision = ({ joinedSame, joinedDifferent }: Judged) =>
    share(joinedSame, joinedSame + joinedDifferent);
  const measures = { recall, precision };
  return [
    ...Object.entries(measures).map(([name, measure]): Row => {
      const row = { name: `${rule}: ${name}`, value: measure(judged), unit: '' };
      const beside = peer === undefined ? 0 : measure(peer);
      return beside === 0 ? row : { ...row, ratio: row.value / beside };
    }),
    {
      name: `${rule}: joined wrongly, of ${judged.different} pairs`,
      value: judged.joinedDifferent,
      unit: '',
    },
  ];
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
