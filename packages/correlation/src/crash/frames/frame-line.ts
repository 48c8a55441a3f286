import type { Frame } from '../crash.ts';

/** What a line of a stack shows. */
export interface FrameLine {
  /** Absent where the tool prints no numbers. */
  readonly index?: number;
  readonly parts: Omit<Frame, 'index' | 'names'>;
  /** What the skip rules look at: function, file and module as printed. */
  readonly text: string;
  /** The line of state it gives, not yet normalized. */
  readonly label: string;
}
