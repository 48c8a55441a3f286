import { decoded } from './decode.ts';
import { type Folded, fold, joined, reversed, turnsAround } from './fold.ts';
import { authority, banner, type Form, phrases, portions } from './forms.ts';

/** The forms that are found, after ISOO's marking booklet (32 CFR 2001.20–26) and ICD 710's register. */
export type MarkingKind = 'banner' | 'portion' | 'authority-block' | 'control';

/** A marking that was found: what it is and where, and none of the text itself. */
export interface FoundMarking {
  readonly kind: MarkingKind;
  /** From 1, as lines of the text count. */
  readonly line: number;
  /** From 1, in UTF-16 units of the line. */
  readonly column: number;
}

/**
 * Finds the first classification marking in a text: banner lines (`SECRET//NOFORN`), portion
 * markings (`(TS//SI)`, and `(S)` or `(C)` where a portion begins or ends), lines of the authority
 * block (`Derived From:`), and control words that mean nothing else (`NOFORN`). Look-alike letters,
 * characters without width, letters that stand apart, and what a page shows for references, escapes
 * and tags are read as the eye reads them. `(U)`,
 * lists such as `(a) (b) (c)`, `Copyright (C) 2026` and words in prose are no marking. What was
 * written to deceive in other ways (in pictures, in another encoding) is not found: this keeps
 * mistakes out, not adversaries.
 *
 * @returns null where there is none. Time and space grow with the length of the text alone.
 */
export function classified(text: string): FoundMarking | null {
  const plain = fold(text);
  const shown = decoded(text);
  const readings = [
    plain,
    joined(plain),
    ...(turnsAround(text) ? [reversed(plain)] : []),
    ...(shown === null ? [] : [foldedAgain(shown)]),
  ];
  const found = readings.flatMap((reading) => markingsIn(reading)).toSorted((a, b) => a.at - b.at);
  const first = found[0];
  return first === undefined ? null : { kind: first.kind, ...placeOf(text, first.at) };
}

function foldedAgain({ text, from }: Folded): Folded {
  const again = fold(text);
  return { text: again.text, from: again.from.map((at) => from[at] ?? 0) };
}

interface At {
  readonly kind: MarkingKind;
  /** In the original. */
  readonly at: number;
}

function markingsIn(reading: Folded): readonly At[] {
  const forms: readonly Form[] = [banner, authority, phrases, portions];
  return forms.flatMap(({ kind, find }) => {
    const at = find(reading.text);
    return at === null ? [] : [{ kind, at: reading.from[at] ?? 0 }];
  });
}

function placeOf(text: string, at: number) {
  const before = text.slice(0, at).split(/\r\n|[\n\r\u2028\u2029]/);
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
