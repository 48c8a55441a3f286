export type Tone = 'plain' | 'sea' | 'held' | 'fired' | 'warn';

interface BadgeProps {
  readonly tone?: Tone;
  readonly children: string;
}

/** A short state in words; its color only repeats what the word says. */
export function Badge({ tone = 'plain', children }: BadgeProps) {
  return <span className={`badge tone-${tone}`}>{children}</span>;
}
