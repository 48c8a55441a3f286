import type { CrashTool, Frame, SkippedFrame } from './crash.ts';
import type { Survey } from './survey.ts';

/** What has been read of a report so far. Rules change it line by line. */
export interface Report {
  readonly survey: Survey;
  readonly settings: Settings;
  tool: CrashTool;
  /** '' until a line says what happened. */
  type: string;
  address: string;
  /** The lines that name the crash: what the headline says, then frames. */
  lines: string[];
  /** How many of the places for frames are taken; {@link stateLinesMax} takes no more. */
  taken: number;
  /** Every frame that could name it, for recursion: also beyond the first three. */
  named: string[];
  frames: Frame[];
  skipped: SkippedFrame[];
  lastIndex: number;
  /** More than one stack was read: frames of later ones only fill up the state. */
  stacks: number;
  /** A line that says where the file of a failed check is stands before the check itself. */
  checkFile: string;
  /** The line before this one. */
  before: string;
  /** Name of the process that died, where the system prints it. */
  process: string;
  flags: Set<Flag>;
}

/** What an earlier line said that later lines depend on. */
export type Flag =
  | 'bad-cast-open'
  | 'fatal-error'
  | 'go-crash'
  | 'java-stack'
  | 'process-died'
  | 'python-crash';

/** The settings of a fuzzing job that change how a report is read. */
export interface Settings {
  readonly target: string;
  readonly exhaustion: boolean;
  readonly v8RuntimeErrors: boolean;
}

/** How many frames name a crash (ClusterFuzz's published limit). */
export const stateLinesMax = 3;

/** More of a line than any state shows. */
export const linePartMax = 2_048;

/** An empty report. */
export function newReport(survey: Survey, settings: Settings): Report {
  return {
    survey,
    settings,
    tool: 'C library',
    type: '',
    address: '',
    lines: [],
    taken: 0,
    named: [],
    frames: [],
    skipped: [],
    lastIndex: -1,
    stacks: 0,
    checkFile: '',
    before: '',
    process: '',
    flags: new Set(),
  };
}

/** Forgets the state, since another line now says what happened. */
export function forgetState(report: Report): void {
  report.lines = [];
  report.taken = 0;
  report.named = [];
  report.frames = [];
  report.skipped = [];
  report.lastIndex = -1;
  report.stacks = 0;
}

/** Kinds that say more than what may follow them; all others have rank 0 and give way. */
const ranks: Readonly<Record<string, number>> = { 'V8 sandbox violation': 2, Timeout: 1 };

/** Says what happened, unless something of a higher rank is known. */
export function setType(report: Report, tool: CrashTool, type: string): void {
  if ((ranks[type] ?? 0) < (ranks[report.type] ?? 0)) return;
  report.type = type.slice(0, 120);
  report.tool = tool;
}
