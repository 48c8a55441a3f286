import type { SarifFinding } from './finding.ts';

/** What makes two results the same; `stable`: also to others who ran the same tool. */
export interface SarifIdentity {
  readonly text: string;
  readonly stable: boolean;
}

/**
 * What makes two results of one tool the same: its fingerprints (§3.27.16), or the partial ones with
 * the file; where it gives none, rule, place and title, which only the same reporter's next report
 * can be held against. The tool's version is no part of it: the next one finds the same.
 */
export function identityOfSarif(finding: SarifFinding): SarifIdentity {
  const { fingerprints, partialFingerprints, location, rule, title } = finding;
  const of = ['sarif', sarifToolName(finding.tool), rule?.id ?? ''];
  const listed = (all: typeof fingerprints) => all.map(({ name, value }) => `${name}=${value}`);
  if (fingerprints.length > 0) {
    return { stable: true, text: JSON.stringify([...of, listed(fingerprints)]) };
  }
  if (partialFingerprints.length > 0) {
    const where = location?.path ?? '';
    return { stable: true, text: JSON.stringify([...of, where, listed(partialFingerprints)]) };
  }
  return { stable: false, text: JSON.stringify([...of, location, title]) };
}

/** A tool without its version. */
export function sarifToolName(tool: string | null): string {
  return (tool ?? '').replace(/\s+v?\d\S*$/, '');
}

/**
 * The second, third, … of a file that nothing else tells apart are told apart by that. `keyOf`: what
 * is held of each text; a digest where a file has millions.
 */
export function createNumbering(
  keyOf: (text: string) => string = (text) => text,
): (text: string) => string {
  const counts = new Map<string, number>();
  return (text) => {
    const key = keyOf(text);
    const n = (counts.get(key) ?? 0) + 1;
    counts.set(key, n);
    return n === 1 ? text : `${text}\n${n}`;
  };
}
