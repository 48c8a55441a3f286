import type { CommandSpec } from '../../command.ts';

const pass = {
  '--pass <name...>': 'variables of the environment that an agent of your own is given too',
};

const server = {
  '--server <address>': 'tell this server how far the run is, and hand its log in at the end',
  '--suite-id <id>':
    'the suite there that it is a run of; needs --sealed; default: it stands alone',
  '--run-id <id>': 'the run there, where it was begun on its page',
};
const grant = {
  '--grant <id>':
    'the grant of early access there by which the model is called: asked before each call',
  '--purpose <text>': 'what that access is used for; it is recorded there',
};
const key = {
  '--key <key>': 'your API key; better BREAKWATER_KEY, which no list of processes shows',
};

const agent = 'an agent of your own in place of ours (docs/evaluator.md)';

/** Words about runs of a suite, under `benchmark`. */
export const runCommands: readonly CommandSpec[] = [
  {
    name: 'run',
    summary: 'run a suite against a model, each sample in a sealed world of its own',
    args: { '<suite>': 'a folder with a suite (docs/suite-format.md)' },
    options: {
      '--model <name>!': 'the model, as its endpoint calls it',
      '--endpoint <url>!': 'the base of its API, such as https://host/v1',
      '--api <which>!': 'what it speaks: openai (chat completions) or anthropic (messages)',
      '--key-env <name>': "the environment's variable that holds the key; nothing else is read",
      '--out <folder>': 'where the run goes; default: run-<time> here',
      '--epochs <n>': 'how often each task is run; default 1',
      '--workers <n>': 'how many samples at once; default 2',
      '--sealed <file>':
        'what commit wrote: the suite must be as it was then, and the log names its items by it',
      '--variants': 'each task also as each of its variants puts it',
      '--limit-messages <n>': "of a sample; each limit takes the place of the task's own",
      '--limit-tokens <n>': 'of a sample, input and output together',
      '--limit-turns <n>': 'of a sample',
      '--limit-seconds <n>': 'of a sample, model and tools together',
      '--limit-working-seconds <n>': 'of a sample, without waits for the endpoint',
      '--limit-cost <money>': 'of a sample, such as 2.50; needs the prices',
      '--run-limit-tokens <n>': 'of the whole run, what may have been billed and was lost included',
      '--run-limit-cost <money>': 'of the whole run; needs the prices',
      '--price-input <money>': 'of a million tokens',
      '--price-output <money>': 'of a million tokens',
      '--price-cache-read <money>': 'of a million tokens; default: that of input',
      '--price-cache-write <money>': 'of a million tokens; default: that of input',
      '--currency <name>': 'of prices and costs; default USD',
      '--max-output-tokens <n>': 'of one answer; default 8192',
      '--temperature <number>': '',
      '--top-p <number>': '',
      '--seed <n>': 'for endpoints that know one',
      ...server,
      ...grant,
      ...key,
      ...pass,
    },
    rest: agent,
    load: async () => (await import('./run.ts')).runBenchmarkRun,
  },
  {
    name: 'resume',
    summary: 'go on with a run that was stopped, at the last finished turn of each sample',
    args: { '<folder>': 'where the run is' },
    options: { ...key, ...pass },
    load: async () => (await import('./run.ts')).runBenchmarkResume,
  },
  {
    name: 'send',
    summary: 'hand the log of a finished run in, to the server that was told of it or to another',
    args: { '<folder>': 'where the run is' },
    options: { ...server, ...key },
    load: async () => (await import('../../api/evaluate/send.ts')).runBenchmarkSend,
  },
  {
    name: 'baseline',
    summary: 'do a task yourself, in the sealed world that a model gets, while a clock runs',
    args: { '<suite>': 'a folder with a suite', '<task>': 'the name of one of its tasks' },
    options: {
      '--out <folder>': 'where the session goes, or goes on; default: baseline-<task>-<time> here',
      '--person <pseudonym>': 'whose time it is; default: one that this machine drew once',
      '--variant <name>': 'the task as this variant puts it',
      '--limit-minutes <n>': "of work; default: the task's own limit of time",
      '--sealed <file>': 'what commit wrote: the record then names the commitment of the item',
    },
    load: async () => (await import('./baseline.ts')).runBenchmarkBaseline,
  },
  {
    name: 'baselines',
    summary: "show what people's baselines come to, task by task",
    args: { '<folder...>': 'folders of sessions, or records' },
    load: async () => (await import('./baselines.ts')).runBenchmarkBaselines,
  },
];
