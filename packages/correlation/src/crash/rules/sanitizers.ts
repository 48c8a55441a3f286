import type { Report } from '../report.ts';
import {
  addressAt,
  after,
  afterLast,
  capitalized,
  type Rule,
  type Said,
  titled,
  until,
} from './rule.ts';

/** A crash of the memory tools told in their own headlines. */
export const memoryToolRules: readonly Rule[] = [
  { tool: 'MemorySanitizer', words: ['MemorySanitizer:'], read: kindAfter('MemorySanitizer:') },
  { tool: 'ThreadSanitizer', words: ['ThreadSanitizer:'], read: kindAfter('ThreadSanitizer:') },
  // A direct leak names the report, an indirect one only if alone.
  {
    tool: 'LeakSanitizer',
    words: ['^Direct leak of '],
    when: (report) => report.type === '' || report.type === 'Indirect-leak',
    says: { type: 'Direct-leak', anew: true },
  },
  {
    tool: 'LeakSanitizer',
    words: ['^Indirect leak of '],
    first: true,
    says: { type: 'Indirect-leak', anew: true },
  },
];

function kindAfter(mark: string): NonNullable<Rule['read']> {
  return (line) => {
    if (line.includes(' suppressions') || line.includes(' warnings')) return null;
    const said = afterLast(line, mark);
    const kind = said.trimStart();
    if (kind === said || kind.startsWith('ABRT') || kind.startsWith('ILL')) return null;
    const type = capitalized(until(kind, '(:').trim().slice(0, 100));
    return type === '' ? null : { type, anew: true };
  };
}

const overlap: Rule = {
  tool: 'AddressSanitizer',
  words: ['AddressSanitizer', 'memcpy-param-overlap', '[', ')'],
  read: (line) => {
    const ranges = line.slice(line.indexOf('[', line.indexOf('memcpy-param-overlap')));
    return {
      type: 'Memcpy-param-overlap',
      anew: true,
      address: ranges.slice(0, ranges.lastIndexOf(')') + 1),
    };
  },
};

const trusty: Rule = {
  tool: 'Trusty',
  words: [],
  when: (report) => report.survey.trusty,
  says: { type: 'Trusted app crash' },
};

/** Reports that end the reading of their line. */
export const addressSanitizerRules: readonly Rule[] = [
  overlap,
  trusty,
  { tool: 'AddressSanitizer', words: ['Sanitizer', ' on unknown address '], read: wildAccess },
  {
    tool: 'AddressSanitizer',
    words: ['AddressSanitizer: attempting free on address which was not malloc()-ed: '],
    read: (line) => ends('Invalid-free', addressAt(after(line, 'was not malloc()-ed: '))),
  },
  {
    tool: 'AddressSanitizer',
    words: ['AddressSanitizer', 'double-free on '],
    read: (line) => ends('Heap-double-free', addressAt(bare(afterLast(line, 'double-free on ')))),
  },
  {
    tool: 'AddressSanitizer',
    words: ['Sanitizer: FPE '],
    says: { type: 'Floating-point-exception', anew: true, done: true },
  },
  {
    tool: 'AddressSanitizer',
    words: ['ERROR: ', 'Sanitizer', ' on '],
    when: (report) =>
      !report.type.startsWith('Kernel failure') &&
      !report.flags.has('go-crash') &&
      !report.flags.has('python-crash'),
    read: kindOnAddress,
  },
  {
    tool: 'AddressSanitizer',
    words: ['Sanitizer: illegal-instruction'],
    says: { type: 'Ill' },
  },
];

function ends(type: string, address: string): Said | null {
  return address === '' ? null : { type, address, anew: true, done: true };
}

/** The address without `unknown address ` or `address ` before it. */
function bare(text: string): string {
  for (const word of ['unknown address ', 'address ']) {
    if (text.startsWith(word)) return text.slice(word.length);
  }
  return text;
}

/** Addresses that WebKit and Chromium jump to on purpose when an assertion fails. */
export const assertAddresses: readonly number[] = [
  0xbbadbeef, 0xfbadbeef, 0x1f75b7dd, 0x977537dd, 0x9f7537dd,
];

/** `SEGV on unknown address 0x…`: how it was accessed stands on a later line. */
function wildAccess(line: string, report: Report): Said | null {
  const kind = ['SEGV', 'access-violation'].find((each) =>
    line.includes(`${each} on unknown address `),
  );
  if (kind === undefined) return null;
  const address = addressAt(afterLast(line, `${kind} on unknown address `));
  if (address === '') return null;
  const meant = assertAddresses.includes(Number(address)) || report.survey.signalOnly;
  // A failed assertion is what made it crash.
  if (report.type.includes('ASSERT') && meant) return { done: true };
  return { type: 'UNKNOWN', address, lines: [], taken: 0, done: true };
}

/** `ERROR: AddressSanitizer: heap-use-after-free on address 0x… at pc`. */
function kindOnAddress(line: string): Said | null {
  const head = /ERROR: [a-zA-Z]{0,40}Sanitizer/.exec(line);
  if (head === null) return null;
  const said = line.slice(head.index + head[0].length).replace(/^[: ]{1,16}/, '');
  for (let at = said.lastIndexOf(' on '); at !== -1; at = said.lastIndexOf(' on ', at - 1)) {
    const address = addressAt(bare(said.slice(at + ' on '.length)));
    if (address !== '') return { type: titled(said.slice(0, at)), address, anew: true };
    if (at === 0) break;
  }
  return null;
}

const accessed = /^ {0,40}([^ ]{0,60}|Atomic [^ ]{0,60}) of size ([^ ]{0,30}) at ([^ ]{0,60})/;

/** How the memory was accessed, told after the headline. */
export const accessRules: readonly Rule[] = [
  {
    tool: 'AddressSanitizer',
    words: ['The signal is caused by a ', ' memory access.'],
    when: (report) => report.type === 'UNKNOWN',
    read: (line, report) => {
      const how = /caused by a ([A-Z]{1,20}) memory access\./.exec(line)?.[1];
      if (how !== undefined && how !== 'UNKNOWN') report.type += ` ${how}`;
      return null;
    },
  },
  {
    tool: 'AddressSanitizer',
    words: [' of size ', ' at '],
    when: (report) => !report.survey.kasan,
    read: (line, report) => {
      const found = accessed.exec(line.slice(0, 400));
      if (found === null) return null;
      const [, how = '', size = '', address = ''] = found;
      if (!report.type.startsWith('UNKNOWN') && report.type.length < 100) {
        report.type += ` ${how.toUpperCase()} ${size}`;
      }
      return { address };
    },
  },
];

const checkFailed = 'Sanitizer CHECK failed:';

/** The tool itself gave up: nothing after it can be trusted. */
export const toolFailureRules: readonly Rule[] = [
  {
    tool: 'AddressSanitizer',
    words: [checkFailed],
    read: (line) => {
      const said = afterLast(line, checkFailed).trimStart();
      const condition = said.slice(until(said, ' ').length).trimStart();
      const lines = [condition];
      const what = { type: 'Sanitizer CHECK failure', address: '', flag: 'process-died' } as const;
      return { ...what, lines, taken: 3, done: true };
    },
  },
];

/** Read last, where no other rule said what happened. */
export const otherSanitizerRules: readonly Rule[] = [
  {
    tool: 'HWAddressSanitizer',
    words: ['ERROR: HWAddressSanitizer'],
    read: (line) => {
      const said = otherKind(afterLast(line, 'ERROR: HWAddressSanitizer'));
      // The tail of a heap object was overwritten: its address stands in the same line.
      const object = line.includes('; heap object [') && line.includes('of size');
      const address = object ? addressAt(after(line, '; heap object [')) : '';
      return said === null || address === '' ? said : { ...said, address };
    },
  },
  {
    tool: 'AddressSanitizer',
    words: ['ERROR: AddressSanitizer'],
    read: (line) => otherKind(afterLast(line, 'ERROR: AddressSanitizer')),
  },
];

function otherKind(said: string): Said | null {
  const type = titled(until(said.replace(/^[: ]{1,16}/, ''), '(:;'));
  return type === '' ? null : { type, anew: true };
}
