export interface PathStep {
  readonly label: string;
  readonly state: 'past' | 'here' | 'ahead';
}

interface PathProps {
  readonly label: string;
  readonly steps: readonly PathStep[];
}

/** A way with a fixed number of steps and the place reached on it. */
export function Path({ label, steps }: PathProps) {
  return (
    <ol className="path" aria-label={label}>
      {steps.map((step) => (
        <li
          key={step.label}
          className={`path-${step.state}`}
          aria-current={step.state === 'here' ? 'step' : undefined}
        >
          <span className="path-dot" aria-hidden="true" />
          <span className="path-label">{step.label}</span>
          {step.state === 'past' ? <span className="unseen"> (reached)</span> : null}
        </li>
      ))}
    </ol>
  );
}
