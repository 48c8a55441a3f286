import { gatewayCommands } from '../api/gateway/commands.ts';
import type { CommandSpec } from '../command.ts';
import { runCommands } from './evaluate/commands.ts';
import { suiteCommands } from './suite/commands.ts';

const recipe = { '<recipe-folder>': 'a folder with a recipe.json (docs/recipes.md)' };
const cache = {
  '--cache <folder>': 'where fetched sources and builds are kept; default: your cache folder',
};

const humanTimes =
  "people's baselines (records, folders), or a table of runs, that tell the human times of tasks";

/** What works on local files alone: pure engines and the sandbox of this machine. */
export const localCommands: readonly CommandSpec[] = [
  {
    name: 'validate',
    summary: 'reproduce a proof of concept in the sandbox: N attempts, a control, a benign input',
    args: { ...recipe, '<proof-file>': 'the proof of concept, in the form the recipe expects' },
    options: {
      '--attempts <n>': 'runs on the vulnerable build, 3 to 100; default 5',
      '--signature <text>': 'only this crash counts, written as an earlier run printed it',
      '--statement <file>': 'write the verdict as an unsigned in-toto statement',
      ...cache,
    },
    load: async () => (await import('./validate.ts')).runValidate,
  },
  {
    name: 'verify',
    summary: 'verify a patch: every proof on the build with and without it, and the tests',
    args: { ...recipe, '<patch>': 'a unified diff, applied with patch -p1' },
    options: {
      '--proof <file...>!': 'a proof that was validated before; may be given several times',
      '--attempts <n>': 'runs of each proof on each build, 1 to 100; default 3',
      '--statement <file>': 'write the verdict as an unsigned in-toto statement',
      ...cache,
    },
    load: async () => (await import('./verify.ts')).runVerify,
  },
  {
    name: 'fuzz',
    summary: 'fuzz a recipe in the sandbox until it fails once or the time is over',
    args: recipe,
    options: {
      '--seconds <n>!': 'how long at most, 1 to 3600; the recipe may allow less',
      '--save <folder>': 'write the inputs found into this folder',
      ...cache,
    },
    load: async () => (await import('./fuzz.ts')).runFuzz,
  },
  {
    name: 'crash',
    summary: 'read a crash report: its type, whether it matters, its stack, what names it',
    args: { '<log-file>': 'the output of the crashing run, or - for standard input' },
    options: { '--target <name>': 'the fuzz target, which names time-outs and the like' },
    load: async () => (await import('./crash.ts')).runCrash,
  },
  {
    name: 'sync',
    summary: 'fetch advisories (OSV), KEV and EPSS, so that affected needs nobody',
    options: {
      '--ecosystem <name...>': "OSV's names of ecosystems; default: languages, Debian, Alpine",
      '--osv <place...>': 'OSV records from elsewhere: [name=] an address, zip, folder or file',
      '--kev <place>': 'the KEV catalog (JSON) from elsewhere: an address or a file',
      '--epss <place>': 'EPSS scores (CSV, also gzip) from elsewhere: an address or a file',
      '--only <what...>': 'osv, kev, epss: these alone',
      '--accept-smaller': 'take a data set with far fewer records than the one that is kept',
      '--status': 'fetch nothing; say what is kept, how old it is and where it came from',
      '--to <folder>': 'where it is kept; default: your data folder (XDG)',
    },
    load: async () => (await import('./sync/command.ts')).runSync,
  },
  {
    name: 'affected',
    summary: 'say which components of an inventory are affected by advisories, and why',
    args: { '<inventory>': 'a lock file, an SBOM (CycloneDX, SPDX), a package list, or -' },
    options: {
      '--advisories <path>':
        'a folder of OSV, CSAF or CVE files, or one; default: what sync fetched',
      '--from <folder>': 'where sync keeps its data; default: your data folder (XDG)',
      '--distribution <name>': 'what a package list is of, such as "Rocky Linux:9" or Alpine:v3.20',
      '--debian-release <n>': 'short for --distribution Debian:<n>',
      '--strict':
        'end with 5 where nothing is affected, but something undecided, unknown or silent',
      '--explain': 'tell near misses too: why a component of that name is not affected',
    },
    load: async () => (await import('./affected.ts')).runAffected,
  },
  {
    name: 'benchmark',
    summary: 'evaluations of models',
    children: [
      ...suiteCommands,
      ...runCommands,
      {
        name: 'log',
        summary: 'show a log of Inspect, and whether its figures follow from its samples',
        args: { '<file>': 'the log, .eval or .json, finished or not' },
        options: {
          '--sample <id>': 'show the transcript of this sample',
          '--epoch <n>': 'of the sample; default 1',
          '--from <n>': 'begin with this sample, or event; default 0',
          '--limit <n>': 'show so many at most; default 50',
        },
        load: async () => (await import('./eval-log/command.ts')).runBenchmarkLog,
      },
      {
        name: 'import',
        summary: 'gather the runs of logs of Inspect into one table, for fit and report',
        args: { '<log...>': 'logs, .eval or .json, and folders with .eval logs' },
        options: {
          '--to <file>!': 'the table, .csv or .jsonl; must not be there yet',
          '--scorer <name>': 'whose scores are taken; default: the first of each log',
          '--human-times <place>': humanTimes,
        },
        load: async () => (await import('./eval-log/import.ts')).runBenchmarkImport,
      },
      {
        name: 'fit',
        summary: 'fit the time horizons of the models of a table of runs, with intervals',
        options: {
          '--runs <table>!': 'CSV or JSON lines, as import writes or as published; - for stdin',
          '--human-times <place>': humanTimes,
          '--penalty <number>': "λ of the fit; default: that of the table's published fits",
          '--weights <which>': 'table, or task-and-family; default: by its columns',
          '--replicates <n>': 'of the hierarchical bootstrap; default 1000, 0 for no interval',
          '--seed <n>': 'of the bootstrap; default 1; the same seed gives the same interval',
        },
        load: async () => (await import('./eval-log/fit.ts')).runBenchmarkFit,
      },
      {
        name: 'report',
        summary: 'report on models: accuracy, budget, horizon, item map, power, side by side',
        args: { '[log...]': 'logs of Inspect, .eval or .json' },
        options: {
          '--runs <table>': 'a table of runs, as import writes it or as published',
          '--human-times <place>': humanTimes,
          '--html <file>': 'write the report as one page that needs nothing else',
          '--scorer <name>': 'whose scores are taken; default: the first of each log',
          '--replicates <n>': 'of the bootstrap of horizons; default 1000, 0 for no interval',
          '--seed <n>': 'of the bootstrap; default 1',
          '--two-parameter': 'fit a slope for each of many tasks too, which takes long',
        },
        load: async () => (await import('./eval-log/report.ts')).runBenchmarkReport,
      },
    ],
  },
  {
    name: 'log',
    summary: 'check the log of a server, trusting nobody',
    children: [
      {
        name: 'check',
        summary: 'check the whole log, the step since a saved checkpoint, or one disclosed entry',
        args: { '[log]': 'its address, such as http://127.0.0.1:8420/log, or a folder' },
        options: {
          '--key <vkey>': 'the verifier key, or a file with such keys, one a line',
          '--since <file>': 'a checkpoint saved earlier: its tree must be a prefix of this one',
          '--save <file>': 'save the checkpoint, once everything holds',
          '--entry <file>': 'a disclosed entry: it must be in the log as its proof says',
        },
        load: async () => (await import('./log-check.ts')).runLogCheck,
      },
    ],
  },
  {
    name: 'gateway',
    summary: 'models through the gateway: keys, what they used, and proofs of it',
    children: [
      ...gatewayCommands,
      {
        name: 'check',
        summary: 'check offline that a request was recorded as its proof says',
        args: { '<proof>': 'the file that gateway request-proof gave, or - for standard input' },
        options: {
          '--key <vkey>!': 'the verifier key of the log, or a file with such keys, one a line',
          '--request <file>': 'the body that was sent: it must be the one that was recorded',
          '--response <file>': 'the body that was answered with, alike',
        },
        load: async () => (await import('./request-check.ts')).runRequestCheck,
      },
    ],
  },
  {
    name: 'attestation',
    summary: 'check what a server attested',
    children: [
      {
        name: 'check',
        summary: 'check a signed attestation offline',
        args: { '<envelope>': 'the DSSE envelope, as the server gave it' },
        options: {
          '--key <key>!': 'the public key in base64, or a file with it or with /keys/attestation',
          '--file <path...>': 'a file that the attestation must speak about: a proof, a patch',
        },
        load: async () => (await import('./attestation-check.ts')).runAttestationCheck,
      },
    ],
  },
];
