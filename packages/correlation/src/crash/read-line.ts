import { takeFrame } from './frames/take-frame.ts';
import { type Report, stateLinesMax } from './report.ts';
import { androidExceptionRules, androidRules, outlastsAbort } from './rules/android.ts';
import { assertionRules } from './rules/assertions.ts';
import { debuggerRules, windowsRules } from './rules/debuggers.ts';
import { failedCheckRules, securityCheckRules } from './rules/failed-checks.ts';
import {
  engineRules,
  outOfMemoryRules,
  stackLimitRules,
  timeoutRules,
} from './rules/fuzzing-engines.ts';
import { goFatalRules, goPanicRules } from './rules/go.ts';
import { interpreterRules } from './rules/interpreters.ts';
import { jazzerRules } from './rules/java.ts';
import { kernelRules } from './rules/kernel.ts';
import { loaderRules } from './rules/loader.ts';
import { applyRules, holdsInOrder, tableOf } from './rules/rule.ts';
import {
  accessRules,
  addressSanitizerRules,
  memoryToolRules,
  otherSanitizerRules,
  toolFailureRules,
} from './rules/sanitizers.ts';
import { systemSanitizerRules } from './rules/system-sanitizers.ts';
import { badCastRules, undefinedBehaviorRules } from './rules/undefined-behavior.ts';
import { v8DetailRules, v8Rules, v8SandboxRules } from './rules/v8.ts';

/** The tables in the order in which a line is held against them: a later one has the last word. */
const always = tableOf([
  ...assertionRules,
  ...debuggerRules,
  ...memoryToolRules,
  ...badCastRules,
  ...goPanicRules,
  ...undefinedBehaviorRules,
  ...interpreterRules,
  ...addressSanitizerRules,
  ...accessRules,
  ...androidRules,
  ...kernelRules,
  ...systemSanitizerRules,
  ...toolFailureRules,
  ...securityCheckRules,
  ...timeoutRules,
  ...outOfMemoryRules,
  ...stackLimitRules,
  ...v8SandboxRules,
]);

/** Held against a line only while nothing is known. */
const otherwise = tableOf([
  ...windowsRules,
  ...otherSanitizerRules,
  {
    tool: 'Chromium',
    words: ['GPU process exited unexpectedly'],
    says: { type: 'GPU failure', anew: true },
  },
  ...jazzerRules,
  ...androidExceptionRules,
  ...failedCheckRules,
  ...v8Rules.slice(0, 1),
  ...goFatalRules,
  ...v8Rules.slice(1),
  ...engineRules,
  ...loaderRules,
]);

const details = tableOf(v8DetailRules);
const exhaustion = tableOf(outOfMemoryRules);

/** Lines that tell nothing about this crash. */
const ignored: readonly string[] = [
  ':INFO:CONSOLE',
  'SUMMARY:',
  'WARNING: AddressSanitizer',
  'failed to mprotect 0x00010000',
  'text run at (',
  'Please include Java exception stack in crash report',
];

/** Stacks after these lines tell of another moment: where the memory came from. */
const stopMarkers: readonly string[] = [
  'Direct leak of',
  'Uninitialized value was stored to memory at',
  'allocated by thread',
  'created by main thread at',
  'located in stack of thread',
  'previously allocated by',
];

const aborts: readonly string[] = ['ABRT', 'breakpoint', 'ILL', 'TRAP'];

/** Reads one line; `no-crash` where it says that the whole report is not to be counted. */
export function readLine(report: Report, printed: string): 'no-crash' | 'read' {
  const line = report.survey.linuxLibrary ? printed.replace(bootTime, '') : printed;
  if (ignored.some((words) => line.includes(words)) || deadlySignal.test(line)) return 'read';
  if (!report.settings.exhaustion && exhaustion.some(({ words }) => holdsInOrder(line, words))) {
    return 'no-crash';
  }
  if (outlastsAbort.includes(report.type) && isAbort(line)) return 'read';
  if (applyRules(always, line, report)) return 'read';
  if (report.type === '' && applyRules(otherwise, line, report)) return 'read';
  if (applyRules(details, line, report)) return 'read';
  readStack(report, line);
  return 'read';
}

const bootTime = /^\[\s{0,20}\d{1,12}\.\d{1,12}\]\s/;
const deadlySignal = /^(?:Address|Leak|Memory|UndefinedBehavior|Thread)Sanitizer:DEADLYSIGNAL/;

function isAbort(line: string): boolean {
  return aborts.some((signal) => line.includes(`Sanitizer: ${signal} `));
}

const wrongCall = 'JNI DETECTED ERROR IN APPLICATION:';

function readStack(report: Report, line: string): void {
  if (line.startsWith('ChildEBP RetAddr')) {
    report.lines = [];
    report.taken = 0;
  }
  if (report.lines.length > 0 && stopMarkers.some((marker) => line.includes(marker))) {
    report.taken = stateLinesMax;
    return;
  }
  if (report.type === '') return;
  // The frames of Android's runtime are the same for every wrong call into Java.
  if (line.includes('/art/runtime/') && report.lines.some((each) => each.includes(wrongCall)))
    return;
  takeFrame(report, line);
}
