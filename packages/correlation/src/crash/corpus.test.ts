import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { isNamed } from '../signature.ts';
import type { Crash } from './crash.ts';
import { readCrash } from './read-crash.ts';

const data = path.resolve(process.env['BREAKWATER_DATA'] ?? '../shared/data');
const root = path.join(data, 'stacktraces/clusterfuzz');
const page = path.join(import.meta.dirname, '../../../../docs/crash-signatures.md');

const Asserts = z.object({
  type: z.string().optional(),
  address: z.string().optional(),
  state: z.string().optional(),
  security_flag: z.boolean().optional(),
});
type Field = keyof z.infer<typeof Asserts>;
const Corpus = z.array(
  z.object({ test: z.string(), input: z.string(), env: z.array(z.string()), asserts: Asserts }),
);
const fields: readonly Field[] = ['type', 'address', 'state', 'security_flag'];

/** Every expectation that is not met, by the test that has it, with the reason. */
const reasons: Readonly<Record<string, string>> = {
  test_stack_filtering:
    'expects lines of full length: the test turns symbolization off by an argument, and with it ' +
    'the limit of 80 characters; a report does not say so',
  test_ignore_regex:
    "expects a frame to be passed over by a project's own ignore list, which stands in that " +
    "project's configuration and not in the published rules",
};

describe.skipIf(!existsSync(root))('the reports whose reading ClusterFuzz asserts', () => {
  const rows = !existsSync(root) ? [] : Corpus.parse(json(path.join(root, 'A-expected.json')));
  const compared = rows.map((row) => ({ ...row, differs: differencesOf(row) }));
  const countOf = (field: Field) => {
    const asserting = compared.filter((row) => row.asserts[field] !== undefined);
    return [asserting.filter((row) => !row.differs.includes(field)).length, asserting.length];
  };

  test('are read with each field equal in nine of ten at least, none left out', () => {
    expect(rows.length).toBeGreaterThanOrEqual(140);
    for (const field of fields) {
      const [equal = 0, all = 0] = countOf(field);
      expect(equal / all, field).toBeGreaterThanOrEqual(0.9);
    }
  });

  test('and what differs is what the page says, with the reason', () => {
    const figures = fields.map((field) => {
      const [equal, all] = countOf(field);
      return `| ${field.replace('_flag', ' flag')} | ${all} | ${equal} |`;
    });
    const differing = compared.filter((row) => row.differs.length > 0);
    expect(differing.map((row) => row.test).toSorted()).toEqual(Object.keys(reasons).toSorted());
    const differences = differing.map(
      (row) => `| \`${row.input}\` | ${row.differs.join(', ')} | ${reasons[row.test]} |`,
    );
    const text = readFileSync(page, 'utf8');
    for (const line of [...figures, ...differences]) expect(text).toContain(line);
    const shown = text.split('\n').filter((line) => /^\| `[a-z0-9_]+\.txt` \|/.test(line));
    expect(shown.toSorted()).toEqual(differences.toSorted());
  });
});

function differencesOf({ input, env, asserts }: z.infer<typeof Corpus>[number]): Field[] {
  const read = readCrash(readFileSync(path.join(root, 'stack_analyzer_data', input), 'utf8'), {
    ...settingsOf(env.join('\n')),
  });
  const found = read.ok ? expectationsOf(read.value) : nothing;
  // ClusterFuzz writes a line break before the access, and one at the end of a state.
  const expected = {
    ...asserts,
    type: asserts.type?.replaceAll('\n', ' '),
    state: asserts.state?.replace(/\n$/, ''),
  };
  return fields.filter(
    (field) => expected[field] !== undefined && expected[field] !== found[field],
  );
}

const nothing = { type: '', address: '', state: '', security_flag: false };

function expectationsOf(crash: Crash) {
  const { type, address = '', state, security } = crash;
  return { type, address, state: state.join('\n'), security_flag: security };
}

/** The settings of the fuzzing job, as the test sets them; ClusterFuzz's own defaults else. */
function settingsOf(env: string) {
  const settingOf = (name: string) => new RegExp(`${name}'(?:\\]|,) ?=? ?'?(\\w+)`).exec(env)?.[1];
  const isTrue = (name: string) => settingOf(name) === 'True';
  const report = settingOf('REPORT_OOMS_AND_HANGS');
  const redzone = Number(settingOf('REDZONE') ?? 0);
  return {
    target: /FUZZ_TARGET'\] = '([^']*)'/.exec(env)?.[1] ?? '',
    exhaustion: report === 'FORCE' || (report === 'True' && redzone <= 64),
    v8RuntimeErrors: isTrue('DETECT_V8_RUNTIME_ERRORS') || settingOf('TASK_NAME') === 'analyze',
    asserts: settingOf('ASSERTS_HAVE_SECURITY_IMPLICATION') !== 'False',
    checks: isTrue('CHECKS_HAVE_SECURITY_IMPLICATION'),
  };
}

describe('the reproduced cases', () => {
  const cases = path.join(data, 'crash/cases');
  const outputs = !existsSync(cases)
    ? []
    : readdirSync(cases, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.includes('vulnerable') && name.endsWith('.txt'))
        .map((name) => ({ name, text: readFileSync(path.join(cases, name), 'utf8') }))
        .filter(({ text }) => text.includes('ERROR: AddressSanitizer'));

  test.skipIf(!existsSync(cases))('are all read, and named but for one', () => {
    expect(outputs.length).toBeGreaterThan(40);
    const unnamed = outputs.filter(({ text }) => {
      const read = readCrash(text);
      return !read.ok || !isNamed(read.value) || read.value.frames.length === 0;
    });
    // A call through a null pointer from main: no frame is left to name it.
    expect(unnamed.map(({ name }) => path.basename(name))).toEqual([
      'cve-2014-9732-folders-segfault.cab.txt',
    ]);
  });
});

function json(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
