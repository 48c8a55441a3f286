import type { EpssRow } from '@breakwater/formats/epss';
import type { KevEntry } from '@breakwater/formats/kev';
import type { Instant } from '@breakwater/kernel';

/** One thing that is known: what, who says so, as of when (a day or an instant; null if untold). */
export interface Stated {
  readonly value: string;
  readonly source: string;
  readonly date: string | null;
}

/** A row found in a feed, or null: the feed was asked and has none. */
export interface FromFeed<Row> {
  readonly row: Row | null;
  readonly source: string;
  /** Of the feed as a whole. */
  readonly date: string | null;
}

/** Everything a priority is made of. What is left out is unknown, never assumed to be harmless. */
export interface PriorityFacts {
  /** `none`, `public poc` or `active`. */
  readonly exploitation?: Stated;
  /** `no` or `yes`. */
  readonly automatable?: Stated;
  /** `partial` or `total`. */
  readonly technicalImpact?: Stated;
  /** `minimal`, `support` or `essential`. */
  readonly missionPrevalence?: Stated;
  /** `minimal`, `material` or `irreversible`. */
  readonly publicWellBeing?: Stated;
  /** Whether the asset is publicly exposed: `no` or `yes`. */
  readonly exposure?: Stated;
  /** A CVSS vector. */
  readonly cvss?: Stated;
  /** Absent where no catalog was consulted. */
  readonly kev?: FromFeed<KevEntry>;
  /** Absent where no scores were consulted. */
  readonly epss?: FromFeed<EpssRow>;
  /** When the vulnerability was first detected here. */
  readonly detectedAt: Instant;
  readonly now: Instant;
}

/** One input as a person is shown it. */
export interface PriorityInput {
  readonly name: string;
  /** Null where it is unknown. */
  readonly value: string | null;
  readonly source: string;
  readonly date: string | null;
  /** What was assumed instead, and by which rule; null where nothing was. */
  readonly assumed: string | null;
}
