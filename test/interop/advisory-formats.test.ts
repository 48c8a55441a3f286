import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeCsaf } from '@breakwater/formats/csaf';
import { cveRecordOf, writeCnaContainer } from '@breakwater/formats/cve';
import { writeOpenVex } from '@breakwater/formats/openvex';
import type { Result } from '@breakwater/kernel';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import {
  publisher,
  someAdvisory,
} from '../../packages/formats/src/advisory/testing/some-advisory.ts';

// What we publish, held to validators of others: the one behind Secvisogram, the CVE schema as cvelib
// carries it, and vexipy. Each is installed apart, in its pinned version, in the long form alone.
const isLong = process.env['BREAKWATER_LONG'] === '1';

const folder = mkdtempSync(path.join(tmpdir(), 'breakwater-interop-'));
afterAll(() => rmSync(folder, { recursive: true }));

const csaf = path.join(folder, 'csaf');
cpSync(path.join(import.meta.dirname, 'csaf'), csaf, { recursive: true });
const hasCsaf = isLong && runs('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], csaf);

const venv = path.join(folder, 'python');
const requirements = path.join(import.meta.dirname, 'python/requirements.txt');
const hasPython =
  isLong &&
  runs('python3', ['-m', 'venv', venv], folder) &&
  runs(path.join(venv, 'bin/pip'), ['install', '--quiet', '-r', requirements], folder);

function runs(command: string, args: readonly string[], cwd: string): boolean {
  return spawnSync(command, args, { cwd, timeout: 240_000 }).status === 0;
}

/** What a checker prints about documents, as JSON. */
function said(command: string, args: readonly string[], documents: unknown) {
  const file = path.join(folder, 'documents.json');
  writeFileSync(file, JSON.stringify(documents));
  const run = spawnSync(command, [...args, file], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (run.status !== 0) throw new Error(run.stderr.slice(0, 2_000));
  return JSON.parse(run.stdout);
}

function written<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(JSON.stringify(result.refusal));
}

const advisories = fc.sample(someAdvisory, { numRuns: 300, seed: 20_261_121 });

describe.skipIf(!hasCsaf)('CSAF, by csaf-validator-lib 2.0.10 (needs test:interop and npm)', () => {
  test('every document passes the schema and every mandatory test', () => {
    const documents = advisories.map((each) => written(writeCsaf(each, publisher)));
    const script = path.join(import.meta.dirname, 'csaf/check.mjs');
    const { tests, failed } = said(process.execPath, [script, csaf], documents);
    expect(tests).toBe(44);
    expect(failed).toEqual(documents.map(() => []));
  });
});

describe.skipIf(!hasPython)(
  'CVE and OpenVEX, in Python (needs test:interop, python3 and PyPI)',
  () => {
    test('every record obeys the CVE schema, every statement is read as it was meant', () => {
      const provider = { orgId: '8254265b-2729-46b6-b9e3-3dfca2d5bfca', shortName: 'example' };
      const cve = advisories.map((each) =>
        cveRecordOf(
          written(writeCnaContainer(each, publisher, provider)),
          'CVE-2026-1000',
          provider,
        ),
      );
      const openvex = advisories.map((each) => written(writeOpenVex(each, publisher)));
      const script = path.join(import.meta.dirname, 'python/check.py');
      const read = said(path.join(venv, 'bin/python'), [script], { cve, openvex });
      expect(read.schema).toBe('CVE_JSON_bundled_5.1.1.json');
      expect(read.cve).toEqual(cve.map(() => []));
      expect(read.openvex).toEqual(
        openvex.map(({ statements }) => statements.map(({ status }) => status)),
      );
    });
  },
);
