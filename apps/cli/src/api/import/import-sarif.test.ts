import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FindingsFile } from '@breakwater/contract';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { fakeServer } from '../../../test/fake-server.ts';
import { type RunOptions, runCli } from '../../../test/run-cli.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'breakwater-import-'));
});
afterEach(async () => await rm(folder, { recursive: true }));

async function imports(text: string, words: readonly string[] = [], more: RunOptions = {}) {
  const file = path.join(folder, 'scan.sarif');
  await writeFile(file, text);
  return await runCli(['import', file, ...words], { localDirectory: folder, ...more });
}

const finding = `finding_${'a'.repeat(26)}`;
const send = ['--send', '--json'];

describe('a SARIF log', () => {
  test('is read, each result of each run, but for those the file itself closes', async () => {
    const rule = { id: 'js/xss', properties: { tags: ['external/cwe/cwe-079'] } };
    const place = {
      physicalLocation: { artifactLocation: { uri: 'a.js' }, region: { startLine: 3 } },
    };
    const sarif = JSON.stringify({
      runs: [
        {
          results: [
            { ruleId: 'js/xss', message: { text: 'Written unescaped' }, locations: [place] },
            { message: { text: 'Known' }, suppressions: [{ kind: 'inSource' }] },
            { message: { text: 'Fine' }, kind: 'pass' },
            {},
          ],
          tool: { driver: { name: 'scan', version: '2', rules: [rule] } },
          graphs: [],
        },
      ],
      version: '2.1.0',
    });
    const words = ['--package', 'pkg:npm/flat', '--version', '1.0.0'];
    const { code, json } = await imports(sarif, [...words, '--json']);
    expect(code).toBe(1);
    expect(json()).toMatchObject({
      format: 'sarif',
      notes: ['The file has graphs; they are not read.'],
      counts: { rows: 4, understood: 2, leftOut: 1, notUnderstood: 1, wouldSend: 2 },
      rowsLeft: 0,
      rows: [
        {
          where: '/runs/0/results/0',
          finding: {
            kind: 'native',
            package: 'pkg:npm/flat',
            version: '1.0.0',
            title: 'Written unescaped',
            weakness: 'CWE-79',
            location: { path: 'a.js', line: 3 },
            tool: 'scan 2',
          },
        },
        { notes: ['suppressed in the file: it is kept and opens no case'] },
        { outcome: 'left-out', why: 'the tool says it passed' },
        { outcome: 'not-understood', refusal: { pointer: '/runs/0/results/3' } },
      ],
    });
    const nowhere = await imports(sarif);
    expect(nowhere.out).toContain('add it to the row, or give --package for all without');
    const damaged = await imports(sarif.slice(0, -2), ['--json']);
    expect(damaged.code).toBe(2);
    expect(damaged.json()).toMatchObject({
      refusal: { code: 'not-json', got: expect.stringContaining('the end of the text at byte') },
    });
  });

  const sarifOf = (count: number) =>
    JSON.stringify({
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'scan' } },
          results: Array.from({ length: count }, (_, i) => ({
            message: { text: `Number ${i}` },
            partialFingerprints: { hash: `${i % 2}` },
          })),
        },
      ],
    });
  const about = ['--package', 'pkg:npm/flat', '--version', '1.0.0'];

  test('is one request, and the server says what it knew', async () => {
    const row = (i: number, outcome: string, why: string | null = null) => ({
      where: `/runs/0/results/${i}`,
      outcome,
      finding: why === null ? finding : null,
      why,
    });
    const rows = [row(0, 'new'), row(1, 'known'), row(2, 'refused', 'no such recipe')];
    await using server = await fakeServer({
      'POST /v1/findings/import': [200, { report: null, rows, gone: [], notes: [] }],
    });
    const at = { server: server.address, key: 'key' };
    const { json, code } = await imports(sarifOf(3), [...about, ...send], at);
    expect(code).toBe(1);
    expect(json()).toMatchObject({ counts: { sent: 1, sentBefore: 1, refused: 1, wouldSend: 0 } });
    expect(server.seen).toMatchObject([
      {
        body: {
          format: 'sarif',
          file: Buffer.from(sarifOf(3)).toString('base64'),
          package: 'pkg:npm/flat',
          version: '1.0.0',
        },
      },
    ]);
  });

  test('larger than the server takes is sent in parts', async () => {
    await using server = await fakeServer({
      'POST /v1/findings/import': [200, { report: null, rows: [], gone: [], notes: [] }],
    });
    const at = { server: server.address, key: 'key' };
    await imports(sarifOf(20_500), [...about, ...send], at);
    expect(server.seen.length).toBe(21);
    const keys = server.seen.map(({ idempotencyKey }) => idempotencyKey);
    expect(new Set(keys).size).toBe(21);
    const Part = z.object({ format: z.literal('findings'), file: z.string() });
    const parts = server.seen.map(({ body }) =>
      FindingsFile.parse(JSON.parse(Buffer.from(Part.parse(body).file, 'base64').toString())),
    );
    const findings = parts.flatMap((part) => part.findings);
    expect(findings.length).toBe(20_500);
    expect(findings[0]).toMatchObject({
      where: '/runs/0/results/0',
      fingerprint: '["sarif","scan","","",["hash=0"]]',
      finding: { package: 'pkg:npm/flat', title: 'Number 0' },
    });
    expect(findings[2]?.fingerprint).toBe('["sarif","scan","","",["hash=0"]]\n2');
  });
});
