import { FindingSubmission, FindingsFile } from '@breakwater/contract';
import { readCrash } from '@breakwater/correlation';
import { detectFormat } from '@breakwater/formats/detect';
import { type Checkable, type PrecheckKey, precheckKeys } from '@breakwater/precheck';
import { z } from 'zod';
import { fileLimits, type Source } from '../../files.ts';
import { need, Stop } from '../../stop.ts';
import { type ReadOptions, readFindings } from '../import/read.ts';
import { jsonOf } from '../request.ts';

/** One finding of a file: what can be asked of it, or why nothing can. */
export interface Row {
  readonly where: string;
  /** Empty where nothing can be asked. */
  readonly keys: readonly PrecheckKey[];
  /** Why nothing can be asked; null where something can. */
  readonly why: string | null;
}

/** A pre-check looks at no version: rows without one are read all the same. */
const anyVersion = 'any';

/** Reads a file of findings: our own form, those that `import` reads, or what a crash printed. */
export async function readRows(source: Source, options: ReadOptions): Promise<readonly Row[]> {
  const { format } = detectFormat(source.head);
  if (options.format === undefined) {
    if (format === 'native') return [rowOf('/', FindingSubmission.parse(await jsonIn(source)))];
    const crash = format === 'text' ? readCrash(await textIn(source)) : null;
    if (crash?.ok === true) return [crashRow(crash.value, options.given.package)];
    const own = format === 'sarif' ? null : await ownFile(source);
    if (own !== null) return own;
  }
  const given = { ...options.given, version: options.given.version ?? anyVersion };
  const read = need(await readFindings(source, { ...options, given }));
  const rows: Row[] = [];
  for await (const some of read.rows) {
    for (const { where, outcome } of some) {
      if (outcome.kind === 'understood') rows.push(rowOf(where, outcome.draft.body));
      else if (outcome.kind === 'left-out') rows.push({ where, keys: [], why: outcome.why });
      else {
        const { expected, got, todo } = outcome.refusal;
        rows.push({ where, keys: [], why: `expected ${expected}, got ${got}; ${todo}` });
      }
    }
  }
  return rows;
}

async function textIn(source: Source): Promise<string> {
  return new TextDecoder().decode(await source.whole(fileLimits.text));
}

async function jsonIn(source: Source): Promise<unknown> {
  return jsonOf(await source.whole(fileLimits.text));
}

/** Findings in our own form, one or many; null where it is another file. */
async function ownFile(source: Source): Promise<readonly Row[] | null> {
  const [first] = new TextDecoder().decode(source.head).trimStart();
  if (first !== '{') return null;
  const json = await jsonIn(source);
  const one = FindingSubmission.safeParse(json);
  if (one.success) return [rowOf('/', one.data)];
  if (!z.object({ findings: z.array(z.unknown()) }).safeParse(json).success) return null;
  const many = FindingsFile.safeParse(json);
  if (!many.success) return null;
  return many.data.findings.map(({ where, finding }, i) =>
    rowOf(where ?? `/findings/${i}`, finding),
  );
}

function rowOf(where: string, finding: FindingSubmission): Row {
  if (finding.kind === 'crash') {
    const crash = readCrash(finding.report);
    if (!crash.ok) return { where, keys: [], why: `no crash is read in it: ${crash.refusal.got}` };
    return keyed(where, { package: finding.package, crash: crash.value });
  }
  const { package: software, weakness, location } = finding;
  if (weakness === undefined) return { where, keys: [], why: 'it names no weakness (CWE)' };
  if (location === undefined) return { where, keys: [], why: 'it names no place' };
  const { path, function: name, line } = location;
  const place = {
    path,
    ...(name === undefined ? {} : { function: name }),
    ...(line === undefined ? {} : { line }),
  };
  return keyed(where, { package: software, weakness, location: place });
}

function crashRow(crash: NonNullable<Checkable['crash']>, software: string | undefined): Row {
  if (software === undefined) throw new Stop(packageNeeded);
  return keyed('/', { package: software, crash });
}

function keyed(where: string, finding: Checkable): Row {
  const keys = precheckKeys(finding).filter((key) => key.use !== 'hold');
  if (keys.length > 0) return { where, keys, why: null };
  const named = finding.crash === undefined ? 'neither a function nor a line' : 'no telling frame';
  return { where, keys, why: `it has ${named}, or no package URL that can be read` };
}

const packageNeeded = {
  code: 'package-needed',
  expected: 'the package that crashed',
  got: 'a crash report, which names none',
  todo: 'add --package, such as --package pkg:deb/debian/cjson',
};
