import type {
  ConsultedOffice,
  DeterminationOutcome,
  EvaluationOutcome,
  EvaluationPart,
} from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';

/**
 * What stands of designating the model of one engagement. It tells nothing of the engagement but
 * whether its developer left, and nothing that happens in it acts on anything else: what an outcome
 * is followed by is up to people.
 */
export interface Matter {
  /** The oldest first; one at most is without a determination. */
  readonly files: readonly DesignationFile[];
  /** The oldest first; each but the first names the one before. */
  readonly determinations: readonly Determined[];
}

export const nothingYet: Matter = { files: [], determinations: [] };

export interface DesignationFile {
  readonly id: Id<'file'>;
  readonly rule: Id<'rule'> | null;
  /** The determination that is examined again. */
  readonly former: Id<'determination'> | null;
  readonly runs: readonly AttachedRun[];
  readonly evaluations: readonly Id<'evaluation'>[];
  /** By office, the day on which it was consulted. */
  readonly consultations: Readonly<Partial<Record<ConsultedOffice, string>>>;
  readonly dissents: number;
  readonly assessments: number;
  readonly determination: Id<'determination'> | null;
}

export interface AttachedRun {
  readonly run: Id<'run'>;
  /** Equal for runs of one model, and telling nothing else. */
  readonly model: string;
}

export interface Determined {
  readonly id: Id<'determination'>;
  readonly file: Id<'file'>;
  readonly outcome: DeterminationOutcome;
  /** YYYY-MM-DD */
  readonly date: string;
  readonly former: Id<'determination'> | null;
  /** Digest of the bundle that it came with; null: entered here. */
  readonly bundle: string | null;
}

/** A rule as far as it decides which runs it judges. */
export interface RuleFacts {
  readonly id: Id<'rule'>;
  /** When it went into the log; null: it is under no signed checkpoint. */
  readonly committedAt: Instant | null;
  /** Commitment of its suite. */
  readonly suite: string;
  /** Canonical form of what one sample may spend. */
  readonly budget: string;
  readonly repetitions: number;
}

/** A run as the benchmark tells of it. */
export interface RunFacts extends AttachedRun {
  readonly beganAt: Instant;
  readonly takenIn: boolean;
  /** Commitment of its suite; null: it stands alone. */
  readonly suite: string | null;
  readonly budget: string;
}

/** Whoever acts, and what is known besides. */
export interface Facts {
  readonly now: Instant;
  /** Whether whoever acts may enter determinations. */
  readonly official: boolean;
  /** When the developer left the engagement; null: it did not, or nobody here can know. */
  readonly leftAt: Instant | null;
}

export type Command =
  | {
      readonly act: 'open-file';
      readonly file: Id<'file'>;
      readonly rule: Id<'rule'> | null;
    }
  | {
      readonly act: 're-examine';
      readonly file: Id<'file'>;
      readonly rule: Id<'rule'> | null;
      readonly former: Id<'determination'>;
    }
  | {
      readonly act: 'attach-run';
      readonly file: Id<'file'>;
      readonly run: RunFacts;
      readonly rule: RuleFacts | null;
    }
  | {
      readonly act: 'evaluate';
      readonly file: Id<'file'>;
      readonly evaluation: Id<'evaluation'>;
      readonly rule: RuleFacts | null;
      /** The runs whose samples went into it. */
      readonly runs: readonly Id<'run'>[];
      /** The fewest scored repetitions of a task of the suite. */
      readonly fewest: number;
      /** By where the whole interval lies; null: there is no interval. */
      readonly outcome: EvaluationOutcome | null;
      readonly digest: string;
    }
  | {
      readonly act: 'record-consultation';
      readonly file: Id<'file'>;
      readonly consultation: Id<'consultation'>;
      readonly office: ConsultedOffice;
      readonly date: string;
      readonly reference: string;
    }
  | { readonly act: 'dissent'; readonly file: Id<'file'> }
  | {
      readonly act: 'enter-determination';
      readonly file: Id<'file'>;
      readonly determination: Id<'determination'>;
      readonly outcome: DeterminationOutcome;
      readonly date: string;
      readonly reference: string;
    }
  | {
      readonly act: 'tell';
      readonly file: Id<'file'>;
      readonly assessment: Id<'assessment'>;
      readonly evaluation: Id<'evaluation'>;
      readonly parts: readonly EvaluationPart[];
    }
  | {
      readonly act: 'take-in';
      /** For a new file, where none is open. */
      readonly file: Id<'file'>;
      readonly consultations: Readonly<
        Record<ConsultedOffice, { readonly id: Id<'consultation'>; readonly date: string }>
      >;
      readonly determination: Id<'determination'>;
      readonly outcome: DeterminationOutcome;
      readonly date: string;
      readonly reference: string;
      readonly bundle: string;
    };

/** What was decided; `evolve` folds each into what stands. */
export type Event =
  | {
      readonly act: 'designate.file-opened';
      readonly file: Id<'file'>;
      readonly rule: Id<'rule'> | null;
      readonly former: Id<'determination'> | null;
    }
  | {
      readonly act: 'designate.run-attached';
      readonly file: Id<'file'>;
      readonly run: Id<'run'>;
      readonly model: string;
    }
  | {
      readonly act: 'designate.evaluated';
      readonly file: Id<'file'>;
      readonly evaluation: Id<'evaluation'>;
      readonly rule: Id<'rule'>;
      readonly runs: readonly Id<'run'>[];
      readonly outcome: EvaluationOutcome;
      readonly digest: string;
    }
  | {
      readonly act: 'designate.consulted';
      readonly file: Id<'file'>;
      readonly consultation: Id<'consultation'>;
      readonly office: ConsultedOffice;
      readonly date: string;
      /** null: it came with a bundle. */
      readonly reference: string | null;
    }
  | { readonly act: 'designate.dissented'; readonly file: Id<'file'> }
  | {
      readonly act: 'designate.determined';
      readonly file: Id<'file'>;
      readonly determination: Id<'determination'>;
      readonly outcome: DeterminationOutcome;
      readonly date: string;
      readonly reference: string;
      readonly former: Id<'determination'> | null;
      readonly bundle: string | null;
    }
  | {
      readonly act: 'designate.told';
      readonly file: Id<'file'>;
      readonly assessment: Id<'assessment'>;
      readonly evaluation: Id<'evaluation'>;
      readonly parts: readonly EvaluationPart[];
    };
