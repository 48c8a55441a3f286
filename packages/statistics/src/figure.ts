/** An interval and the confidence it was made for, such as 0.95. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly level: number;
}

/** How often tasks were repeated: the fewest and the most scored epochs of one task. */
export interface Epochs {
  readonly fewest: number;
  readonly most: number;
}

/**
 * A figure as it may be shown: never without its sample, its repetitions and its interval.
 */
export interface Figure {
  readonly value: number;
  readonly interval: Interval;
  /** Tasks behind the figure. */
  readonly n: number;
  readonly epochs: Epochs;
  /** How the interval was made, in words for a reader. */
  readonly method: string;
}

/** The epochs of tasks, of which at least one must be given. */
export function epochsOf(counts: Iterable<number>): Epochs {
  let fewest = Number.POSITIVE_INFINITY;
  let most = 0;
  for (const count of counts) {
    fewest = Math.min(fewest, count);
    most = Math.max(most, count);
  }
  return { fewest: most === 0 ? 0 : fewest, most };
}

/** Where the time that a person needs for a task is known from. */
export type HumanTimeSource =
  | 'completion'
  | 'first_blood'
  | 'expert_estimate'
  | 'censored'
  | 'published'
  | 'unknown';

/** Whether the model may have seen the tasks before. */
export type Contamination = 'none-known' | 'unknown' | 'suspected' | 'confirmed';

/** What a reader must know beside a figure that no formula can tell. */
export interface Circumstances {
  /** What a run could spend at most, such as "2,000,000 tokens"; null where nothing bounded it. */
  readonly budget: string | null;
  /** Tasks by the source of their human time; empty where no human time went into the figure. */
  readonly humanTime: Readonly<Partial<Record<HumanTimeSource, number>>>;
  readonly contamination: Contamination;
}

/** A figure with its circumstances: what reports and screens take, so that neither is left out. */
export type Stated<T> = T & { readonly circumstances: Circumstances };

/** States the circumstances of a figure. */
export function stated<T extends object>(figure: T, circumstances: Circumstances): Stated<T> {
  return { ...figure, circumstances };
}
