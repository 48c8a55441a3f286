import type { CommandSpec } from '../../command.ts';

/** Words about suites of tasks, under `benchmark`: made, committed to, opened and checked. */
export const suiteCommands: readonly CommandSpec[] = [
  {
    name: 'new',
    summary: 'make a suite with two small tasks to begin from; nobody else knows its canary',
    args: {
      '<folder>': 'where it goes; must not be there yet, its name becomes that of the suite',
    },
    load: async () => (await import('./new.ts')).runBenchmarkNew,
  },
  {
    name: 'commit',
    summary: 'commit to a suite before it is used: a secret file with salts, and one to publish',
    args: { '<folder>': 'a suite (docs/suite-format.md)' },
    options: {
      '--sealed <file>': 'the secret file, for you alone; default: <folder>.sealed.json',
      '--public <file>': 'the file to publish; default: <folder>.commitment.json',
    },
    load: async () => (await import('./commit.ts')).runBenchmarkCommit,
  },
  {
    name: 'open',
    summary: 'open one item of a committed suite, so that anybody can check that it is unchanged',
    args: {
      '<sealed>': 'the secret file that commit wrote, or the folder beside which it lies',
      '<item>': 'the name of its task, or its place, from 0',
    },
    options: {
      '--hidden': 'show nothing of the item, only that its commitment belongs to the suite',
      '--to <file>': 'write it there, where nothing is yet; default: standard output',
    },
    load: async () => (await import('./open.ts')).runBenchmarkOpen,
  },
  {
    name: 'check',
    summary: 'check that an opened item is one of the suite that was published, and unchanged',
    args: {
      '<opening>': 'what open wrote, with the item or hidden',
      '<commitment>': 'the file that was published before the suite was used',
    },
    load: async () => (await import('./check.ts')).runBenchmarkCheck,
  },
];
