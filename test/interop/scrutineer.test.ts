import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { collect, wishes } from '@breakwater/contract';
import { findingHash, parseRecord, recordPath, writeRecord } from '@breakwater/formats/interchange';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startTestServer } from '../../apps/server/test/harness.ts';

/** A checkout of github.com/alpha-omega-security/scrutineer, which no module proxy has. */
const checkout = process.env['BREAKWATER_SCRUTINEER'] ?? '';
const hasGo =
  existsSync(path.join(checkout, 'internal/interchange')) &&
  spawnSync('go', ['version']).status === 0;

const Answer = z.object({
  hashes: z.array(z.string()).nullable(),
  judged: z.array(z.object({ fault: z.string(), path: z.string() })).nullable(),
  made: z.array(z.record(z.string(), z.unknown())),
  answered: z.array(z.string()).nullable(),
});

describe.skipIf(!hasGo)(
  'federation records, by scrutineer itself (needs BREAKWATER_SCRUTINEER and go)',
  () => {
    let folder = '';
    beforeAll(() => {
      folder = mkdtempSync(path.join(tmpdir(), 'breakwater-scrutineer-'));
      cpSync(path.join(import.meta.dirname, 'go-scrutineer'), folder, { recursive: true });
      const module = readFileSync(path.join(folder, 'go.mod'), 'utf8');
      const replace = `\nreplace scrutineer => ${path.resolve(checkout)}\n`;
      writeFileSync(path.join(folder, 'go.mod'), `${module}${replace}`);
      const built = spawnSync('go', ['build', '-o', 'ask', '.'], { cwd: folder, encoding: 'utf8' });
      if (built.status !== 0) throw new Error(built.stderr);
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    function ask(question: object): z.infer<typeof Answer> {
      const run = spawnSync(path.join(folder, 'ask'), {
        input: JSON.stringify(question),
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
      });
      if (run.status !== 0) throw new Error(run.stderr);
      return Answer.parse(JSON.parse(run.stdout));
    }

    test('the hash of a finding is the same, whatever it is made of', () => {
      // Without letters that got a capital in Unicode 16, which Go's tables are older than.
      const letter = fc
        .integer({ min: 0x09, max: 0xd7ff })
        .map((code) => String.fromCharCode(code))
        .filter((each) => !/[\u019b\u0264\u1c89\u1c8a\ua7c0-\ua7dc]/.test(each));
      const piece = fc.oneof(
        fc.constantFrom(
          './',
          '../',
          '//',
          '\\',
          ':42',
          ':7',
          ':10-20',
          '.git',
          ' ',
          '\n',
          'CWE-79',
        ),
        fc.constantFrom(
          ',',
          'cwe-89',
          '\u00a0',
          '\u0085',
          '\ufeff',
          'İ',
          'ΑΣ',
          'ß',
          'a/b',
          '.',
          '/',
        ),
        fc.string({ unit: letter, maxLength: 4 }),
      );
      const text = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(''));
      const finding = fc.record({
        repository: fc.oneof(text, fc.constant('https://github.com/ACME/lib.git/')),
        subPath: text,
        location: text,
        weaknesses: text,
      });
      const findings = fc.sample(finding, 20_000);
      const { hashes } = ask({ salt: 's', findings });
      const differing = findings.filter((each, at) => findingHash('s', each) !== hashes?.[at]);
      expect(differing).toEqual([]);
    });

    test('our records are valid there and lie at the same path, theirs are read here', () => {
      const { made } = ask({});
      const read = made.map((statement) => {
        const parsed = parseRecord(statement);
        if (!parsed.ok) throw new Error(parsed.refusal.got);
        return parsed.value;
      });
      const written = read.map(writeRecord);
      const { judged } = ask({ records: written });
      expect(judged).toEqual(read.map((record) => ({ fault: '', path: recordPath(record) })));
    });

    test('a peer written in Go asks at our door and is told what is here', async () => {
      const salt = 'a salt that members share';
      const contact = 'security@clearinghouse.example';
      await using server = await startTestServer({
        settings: { BREAKWATER_FEDERATION_SALT: salt, BREAKWATER_FEDERATION_CONTACT: contact },
      });
      const finder = await server.party('finder');
      await finder.client.call(collect.submit, {
        body: {
          kind: 'native',
          package: 'pkg:github/acme/lib',
          version: '1.0.0',
          title: 'Reads beyond the end',
          description: 'It does.',
          weakness: 'CWE-125',
          location: { path: 'src/parse.c', line: 4 },
          marking: 'AMBER',
          identifiers: [],
        },
      });
      const finding = { subPath: 'src', location: 'parse.c:99', weaknesses: 'cwe-125' };
      const known = { ...finding, repository: 'https://github.com/ACME/lib.git' };
      const other = { ...finding, repository: 'https://github.com/acme/other' };
      const door = `${server.address}/claim-check`;
      // The peer runs beside the server: this process answers it meanwhile.
      const { answered } = await askBeside(folder, { salt, findings: [known, other], door });
      expect(answered).toEqual([
        `200 {"match":true,"contact":"${contact}"}`,
        '200 {"match":false}',
      ]);
      const coordinator = await server.party('coordinator');
      const { made } = ask({});
      const records = made.map((record, at) => ({ path: `record ${at}`, record }));
      const taken = await coordinator.client.call(wishes.importRecords, {
        body: { feed: 'a scrutineer', records },
      });
      expect(taken).toMatchObject({ added: 3, unchanged: 0 });
      expect(server.errors).toEqual([]);
    });
  },
);

async function askBeside(folder: string, question: object): Promise<z.infer<typeof Answer>> {
  const run = spawn(path.join(folder, 'ask'), { stdio: ['pipe', 'pipe', 'inherit'] });
  run.stdin.end(JSON.stringify(question));
  const text = await textOf(run.stdout);
  return Answer.parse(JSON.parse(text));
}
