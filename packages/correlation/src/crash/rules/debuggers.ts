import { addressAt, after, capitalized, type Rule } from './rule.ts';

/** gdb's and Windows' debuggers. */
export const debuggerRules: readonly Rule[] = [
  {
    tool: 'gdb',
    words: ['^Program received signal ', ','],
    read: (line) => {
      const signal = /^Program received signal ([a-zA-Z]{1,20}),/.exec(line)?.[1];
      return signal === undefined ? null : { type: signal.toUpperCase() };
    },
  },
  {
    tool: 'gdb',
    words: ['^rip '],
    read: (line) => {
      const address = addressAt(line.slice(3).trimStart());
      return address === '' ? null : { address };
    },
  },
  {
    tool: 'gdb',
    words: ['^0', ' in '],
    read: (line) => {
      const address = /^(0[xX][0-9a-fA-F]{1,16})\s{1,16}in\s/.exec(line)?.[1];
      return address === undefined ? null : { address };
    },
  },
  {
    tool: 'gdb',
    words: ['^Reason:', 'at address'],
    read: (line) => {
      const address = /^[^0-9]{0,40}([0-9a-zA-Z]{1,40})/.exec(after(line, 'at address'))?.[1];
      return address === undefined ? null : { address };
    },
  },
  {
    tool: 'Windows debugger',
    words: ['^Attempt to ', ' address '],
    read: (line) => {
      const found = /^Attempt to (.{1,100}) [^ ]{0,60} address (.{0,60})/.exec(line);
      if (found === null) return null;
      return { type: found[1]?.toUpperCase() ?? '', address: `0x${found[2]?.trim()}` };
    },
  },
];

const exceptions: Readonly<Record<string, string>> = {
  'Status-integer-overflow': 'Integer-overflow',
  'Status-integer-divide-by-zero': 'Divide-by-zero',
};

/** Kinds of exception, only while nothing says more. */
export const windowsRules: readonly Rule[] = [
  {
    tool: 'Windows debugger',
    words: ['ExceptionCode: ', '(Stack overflow)'],
    says: { type: 'Stack-overflow' },
  },
  {
    tool: 'Windows debugger',
    words: ['DEFAULT_BUCKET_ID'],
    read: (line) => {
      const said = after(line, 'DEFAULT_BUCKET_ID');
      const bucket = /^ {0,40}: {0,40}([a-zA-Z_]{1,100})/.exec(said)?.[1];
      if (bucket === undefined) return null;
      const bare = bucket.endsWith('_AVRF') ? bucket.slice(0, -'_AVRF'.length) : bucket;
      const kind = capitalized(bare.replaceAll('_', '-'));
      return { type: exceptions[kind] ?? kind };
    },
  },
];
