import type { ReactNode } from 'react';

interface FactsProps {
  readonly items: readonly (readonly [label: string, value: ReactNode])[];
}

/** Labels and values, side by side where there is room. */
export function Facts({ items }: FactsProps) {
  return (
    <dl className="facts">
      {items.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
