/** Points on CAISI's scale that multiply the odds of success by three. */
export const POINTS_PER_THREEFOLD = 200;

/** Points for each logit: 200 / ln 3, about 182.05. */
export const POINTS_PER_LOGIT = POINTS_PER_THREEFOLD / Math.log(3);

/** Where a scale's zero lies, and what one unit of ability is worth in logits. */
export interface Scale {
  /** The points of ability 0. */
  readonly origin: number;
  /** Logits for one unit of ability: the slope of 1PL, a chosen slope (such as the mean) of 2PL. */
  readonly slope: number;
}

/**
 * An ability on CAISI's scale, where 200 points more triple the odds of success at a given task.
 *
 * CAISI's published evaluations state the spacing only; the origin is the publisher's to choose, so
 * differences alone compare between fits. Errors scale by `slope · POINTS_PER_LOGIT`.
 */
export function caisiScale(ability: number, { origin, slope }: Scale): number {
  return origin + ability * slope * POINTS_PER_LOGIT;
}
