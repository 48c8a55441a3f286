import type { KeyLimits } from '@breakwater/contract';
import { limitLines } from './words.ts';

/** What may be used at most, line by line. */
export function LimitsShown({ limits }: { readonly limits: KeyLimits }) {
  return (
    <ul className="reasons">
      {limitLines(limits).map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
