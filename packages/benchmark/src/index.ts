export { Canary, findCanaries, makeCanary } from './leak/canary.ts';
export type { Encoding } from './leak/forms.ts';
export {
  type Leak,
  type LeakScan,
  type Piece,
  type ScanCode,
  type Secret,
  scanLimits,
  startLeakScan,
} from './leak/scan.ts';
export { Item, type ItemFile, itemText, readItem } from './seal/item.ts';
export {
  checkMembership,
  checkOpening,
  Membership,
  type OpenedItem,
  Opening,
  type OpeningCode,
  openItem,
  type PublishedRoot,
  proveMembership,
  readMembership,
  readOpening,
} from './seal/opening.ts';
export {
  commitmentOf,
  commitmentTo,
  readCommitment,
  readSealed,
  rootOver,
  type SealCode,
  SealedSuite,
  SuiteCommitment,
  saltBytes,
  sealedBytesMax,
  sealedCommitments,
  sealSuite,
} from './seal/seal.ts';
export { type AnswerScore, scoreAnswer } from './suite/answer.ts';
export type { SuiteCode } from './suite/fault.ts';
export {
  type FolderCode,
  type FolderEntry,
  type SuiteFolder,
  suiteLimits,
} from './suite/folder.ts';
export { limitsWords } from './suite/limits-words.ts';
export { parseSuite, parseTask, type ReadSuite, readSuite } from './suite/read-suite.ts';
export { Suite, suiteTasksMax } from './suite/suite.ts';
export {
  type AnswerScorer,
  type Assignment,
  assignmentsOf,
  Scorer,
  Task,
} from './suite/task.ts';
