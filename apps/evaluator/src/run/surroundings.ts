import type { Prices } from '@breakwater/meter';
import type {
  BlobStore,
  Score,
  ScoreRequest,
  World,
  WorldOptions,
  WorldResult,
} from '@breakwater/runner';
import type { Access } from '../access/access.ts';
import type { SharedAccount } from '../budget/purse.ts';
import type { Patience } from '../models/call-model.ts';
import type { ModelConfig, ModelEndpoint } from '../models/model.ts';

/** Where sealed worlds come from: the runner's, or a twin in memory for tests of the loop. */
export interface Worlds {
  readonly open: (options: WorldOptions) => Promise<WorldResult<World>>;
  readonly score: (request: ScoreRequest) => Promise<WorldResult<Score>>;
}

/** Time and chance, as facts. */
export interface Clock {
  readonly now: () => Date;
  /** Milliseconds that only grow. */
  readonly passedMs: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** From 0 to before 1. */
  readonly chance: () => number;
}

/** What a run tells while it goes on. */
export interface RunProgress {
  readonly sample: string;
  readonly what: 'begun' | 'resumed' | 'turn' | 'retry' | 'ended' | 'scored' | 'written';
  readonly detail: string;
  /** Samples that are in the log, and all there are. */
  readonly done: number;
  readonly total: number;
  /** Finished turns of the samples that were begun or gone on with so far. */
  readonly turns: number;
}

/** The same of one sample: `turn` is the last that it finished. */
export type SampleProgress = Pick<RunProgress, 'sample' | 'what' | 'detail'> & {
  readonly turn: number;
};

/** What all samples of a run stand in. */
export interface Surroundings {
  readonly endpoint: ModelEndpoint;
  readonly config: ModelConfig;
  readonly maxOutputTokens: number;
  readonly patience: Patience;
  readonly stallMs: number;
  /** null: nothing is known of what a token costs. */
  readonly prices: Prices | null;
  readonly bill: SharedAccount;
  readonly worlds: Worlds;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly onProgress: (progress: SampleProgress) => void;
  /** null: nobody has to be asked before the model is called. */
  readonly access: Access | null;
  readonly signal: AbortSignal;
}

/** What worlds need of it. */
export type WorldMaker = Pick<Surroundings, 'worlds' | 'blobs'>;
