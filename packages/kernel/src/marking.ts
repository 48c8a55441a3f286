/** FIRST TLP 2.0 labels, from widest to narrowest audience. */
export const tlpLabels = ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED'] as const;
export type Tlp = (typeof tlpLabels)[number];

/** True if `a` may be shown to everyone `b` may be shown to. */
export function isNoNarrowerThan(a: Tlp, b: Tlp): boolean {
  return tlpLabels.indexOf(a) <= tlpLabels.indexOf(b);
}

/** The narrowest of `markings`: a thing made of several is marked as its narrowest part; CLEAR of none. */
export function narrowest(markings: readonly Tlp[]): Tlp {
  return markings.reduce<Tlp>(
    (kept, each) => (isNoNarrowerThan(kept, each) ? each : kept),
    'CLEAR',
  );
}
