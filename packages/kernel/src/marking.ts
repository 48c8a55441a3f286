/** FIRST TLP 2.0 labels, from widest to narrowest audience. */
export const tlpLabels = ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED'] as const;
export type Tlp = (typeof tlpLabels)[number];

/** True if `a` may be shown to everyone `b` may be shown to. */
export function isNoNarrowerThan(a: Tlp, b: Tlp): boolean {
  return tlpLabels.indexOf(a) <= tlpLabels.indexOf(b);
}
