import type { Disclosure } from '@breakwater/contract';
import type { Reader } from '../../../../platform/database/database.ts';
import type { RunsOf } from './audiences.ts';

/** What suites ask of others; bound in slices/frontier.ts and by the runs beside them. */
export interface SuiteNeeds {
  runsOf(reader: Reader, suite: string): Promise<RunsOf>;
  /** The newest act on a subject with its proof; null until it is under a signed checkpoint. */
  disclosureOf(subject: string, act: string): Promise<Disclosure | null>;
}
