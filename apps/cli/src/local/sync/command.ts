import path from 'node:path';
import { z } from 'zod';
import type { Context, Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { Json, optionsOf } from '../../options.ts';
import { Stop } from '../../stop.ts';
import type { Terminal } from '../../terminal.ts';
import { describeAge, describeSize } from './age.ts';
import { type DataSet, holding, nameOf, readManifest } from './manifest.ts';
import { isAddress, type Synced, syncOne, type Wanted } from './sync.ts';

const osvBase = 'https://osv-vulnerabilities.storage.googleapis.com';
const kevAddress =
  'https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json';
const epssAddress = 'https://epss.empiricalsecurity.com/epss_scores-current.csv.gz';
/**
 * Whose lock files and package lists are read, and the order of versions is known. Ubuntu, Red Hat,
 * SUSE and their kin have records by the hundred thousand: they are fetched where they are asked for.
 */
const ownEcosystems = [
  'npm',
  'PyPI',
  'Maven',
  'Go',
  'crates.io',
  'RubyGems',
  'NuGet',
  'Packagist',
  'Debian',
  'Alpine',
];

const Options = z.object({
  ...Json,
  to: z.string().optional(),
  ecosystem: z.array(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9 .+-]{0,60}$/)).optional(),
  osv: z.array(z.string().min(1)).optional(),
  kev: z.string().min(1).optional(),
  epss: z.string().min(1).optional(),
  only: z.array(z.enum(['osv', 'kev', 'epss'])).optional(),
  acceptSmaller: z.boolean().default(false),
  status: z.boolean().default(false),
});
type Options = z.infer<typeof Options>;

/** `sync`: brings advisories, KEV and EPSS here, so that `affected` needs nobody. */
export async function runSync(given: Given, context: Context): Promise<ExitCode> {
  const options = optionsOf(Options, given);
  const folder = path.resolve(options.to ?? context.environment.localDirectory);
  if (options.status) return await showStatus(folder, options.json, context.terminal);
  const kept = (await readManifest(folder))?.sets ?? [];
  const wanted = wantedBy(options, kept);
  const results = await holding(folder, async () => {
    const done: Synced[] = [];
    for (const each of wanted) {
      context.signal.throwIfAborted();
      const { acceptSmaller } = options;
      const synced = await syncOne(each, { folder, acceptSmaller, context });
      if (!options.json) printOne(synced, context.terminal);
      done.push(synced);
    }
    return done;
  });
  if (options.json) context.terminal.json({ folder, sets: results.map(documentOf) });
  else printEnd(results, folder, context.terminal);
  const refusals = results.flatMap(({ refusal }) => (refusal === undefined ? [] : [refusal]));
  if (refusals.length === 0) return exitCodes.good;
  const unreachable = refusals.every(({ code }) =>
    ['source-unreachable', 'download-interrupted'].includes(code),
  );
  return unreachable ? exitCodes.noServer : exitCodes.refused;
}

/** What was asked for; where nothing was, what is kept already, each from where it came. */
function wantedBy(options: Options, kept: readonly DataSet[]): readonly Wanted[] {
  const only = options.only ?? ['osv', 'kev', 'epss'];
  const sourceOf = (kind: 'kev' | 'epss') => kept.find((set) => set.kind === kind)?.source;
  const all: Wanted[] = [
    ...osvWanted(options, kept),
    { kind: 'kev', name: 'kev', source: options.kev ?? sourceOf('kev') ?? kevAddress },
    { kind: 'epss', name: 'epss', source: options.epss ?? sourceOf('epss') ?? epssAddress },
  ];
  const twice = all.find((a, i) => all.some((b, j) => j < i && nameOf(a) === nameOf(b)));
  if (twice !== undefined) {
    throw new Stop({
      code: 'option-malformed',
      expected: 'each data set with a name of its own',
      got: `${nameOf(twice)} twice`,
      todo: 'name them: --osv one=<place> --osv two=<place>',
    });
  }
  return all.filter(({ kind }) => only.includes(kind));
}

function osvWanted({ osv, ecosystem }: Options, kept: readonly DataSet[]): readonly Wanted[] {
  if (osv !== undefined) return osv.map(namedSource);
  const again = kept.filter(({ kind }) => kind === 'osv');
  if (ecosystem === undefined && again.length > 0) {
    return again.map(({ kind, name, source }) => ({ kind, name, source }));
  }
  return (ecosystem ?? ownEcosystems).map((name) => ({
    kind: 'osv',
    name,
    source: `${osvBase}/${encodeURIComponent(name)}/all.zip`,
  }));
}

/** `npm=https://mirror.example/npm/all.zip`; without a name, the last telling part of the place. */
function namedSource(text: string): Wanted {
  const [, name, source] = /^([A-Za-z0-9.-]{1,60})=(.+)$/s.exec(text) ?? [];
  if (name !== undefined && source !== undefined) return { kind: 'osv', name, source };
  const parts = (isAddress(text) ? text.replace(/[?#].*$/s, '') : path.resolve(text)).split('/');
  const stems = parts.map((part) => part.replace(/(\.(zip|jsonl?|ndjson|gz))+$/i, ''));
  const telling = stems.findLast((stem) => !['', 'all'].includes(stem)) ?? 'osv';
  return { kind: 'osv', name: telling.replace(/[^A-Za-z0-9.-]+/g, '-').slice(0, 60), source: text };
}

function documentOf({ wanted, outcome, kept, refusal }: Synced) {
  return {
    kind: wanted.kind,
    name: wanted.name,
    source: wanted.source,
    outcome,
    ...(kept === null ? {} : { kept: statusOf(kept) }),
    ...(refusal === undefined ? {} : { refusal }),
  };
}

function printOne({ wanted, outcome, kept, refusal }: Synced, terminal: Terminal): void {
  const name = nameOf(wanted).padEnd(12);
  if (refusal !== undefined) {
    terminal.line(`refused      ${name} ${refusal.code}`);
    terminal.line(`             expected ${refusal.expected}`);
    terminal.line(`             got ${refusal.got}`);
    terminal.line(`             to do: ${refusal.todo}`);
    const before = kept === null ? 'nothing is kept' : `kept as it was: ${countOf(kept)}`;
    terminal.line(`             ${before}`);
  } else if (kept !== null) {
    terminal.line(`${outcome.padEnd(12)} ${name} ${countOf(kept)}${refusedOf(kept)}`);
    if (outcome === 'fetched') {
      const size = kept.bytes === null ? '' : `${describeSize(kept.bytes)}, `;
      terminal.line(`             ${size}${kept.sha256 ?? kept.source}`);
    }
  }
}

function countOf({ kind, records }: DataSet): string {
  const nouns = { osv: 'advisories', kev: 'exploited CVEs', epss: 'scores' };
  return `${records.toLocaleString('en')} ${nouns[kind]}`;
}

function refusedOf({ refused }: DataSet): string {
  return refused === 0 ? '' : `, ${refused.toLocaleString('en')} not understood`;
}

function printEnd(results: readonly Synced[], folder: string, terminal: Terminal): void {
  terminal.say(`kept in      ${folder}`);
  if (results.some(({ wanted, kept }) => wanted.kind === 'osv' && kept !== null)) {
    terminal.say('next         breakwater affected package-lock.json');
  }
}

async function showStatus(folder: string, json: boolean, terminal: Terminal): Promise<ExitCode> {
  const manifest = await readManifest(folder);
  const sets = manifest?.sets ?? [];
  if (json) terminal.json({ folder, sets: sets.map(statusOf) });
  else if (sets.length === 0) {
    terminal.line(`nothing is kept in ${folder}`);
    terminal.line('to do: breakwater sync');
  } else {
    const now = Date.now();
    for (const set of sets) {
      terminal.line(
        `${nameOf(set).padEnd(12)} ${countOf(set)}${refusedOf(set)}, ${describeAge(set.checkedAt, now)}`,
      );
      terminal.line(`             from ${set.source}`);
      if (set.sha256 !== null) terminal.line(`             ${set.sha256}`);
      for (const { where, got } of set.refusedFirst.slice(0, 3)) {
        terminal.line(`             not understood: ${where}: ${got}`);
      }
    }
  }
  return exitCodes.good;
}

/** A data set as `--json` shows it; names of our files stay ours. */
function statusOf({ data: _data, index: _index, validators: _validators, ...set }: DataSet) {
  return set;
}
