import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { portionsOf, readRepository } from './repository.ts';

const asked = { about: 'The repository', charsMax: 10_000, callsMax: 3, endings: [] };

/** What `git archive` makes of these files, and of a link. */
function archiveOf(format: 'zip' | 'tar' | 'tar.gz', files: Record<string, string | Buffer>) {
  const folder = mkdtempSync(path.join(tmpdir(), 'breakwater-repository-'));
  try {
    const git = (...args: string[]) =>
      execFileSync('git', ['-C', folder, '-c', 'user.name=A', '-c', 'user.email=a@b.c', ...args]);
    git('init', '-q');
    for (const [name, bytes] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), bytes);
    }
    symlinkSync('/etc/passwd', path.join(folder, 'link.c'));
    git('add', '--all');
    git('commit', '-q', '-m', 'all');
    return git('archive', `--format=${format}`, '--prefix=cjson-1.7/', 'HEAD');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const long = `${'deep/'.repeat(30)}name.c`;
const files = {
  'src/b.c': 'int b;\n',
  'src/a.c': '/* M\u{fc}ller \u{1f980} */\nint a;\n',
  'latin.c': Buffer.from('/* Ren\xe9 wrote this line and the next one */\nint c;\n', 'latin1'),
  'logo.png': Buffer.from([0x89, 0x50, 0, 0x47]),
  [long]: 'int d;\n',
};

test.each(['zip', 'tar', 'tar.gz'] as const)(
  'GAT-54 the texts of a repository are read out of what git makes as %s, and what is left out is named',
  async (format) => {
    const read = await readRepository(archiveOf(format, files), asked);
    if (!read.ok) return expect.fail(JSON.stringify(read.refusal));
    const [portion, ...more] = read.value.portions;
    expect(more).toEqual([]);
    const under = (name: string) => `cjson-1.7/${name}`;
    expect(portion).toEqual({
      ...{ part: 1, of: 1 },
      files: [
        { path: under(long), line: 1, text: 'int d;\n' },
        {
          ...{ path: under('latin.c'), line: 1 },
          text: '/* Ren\u{fffd} wrote this line and the next one */\nint c;\n',
        },
        { path: under('src/a.c'), line: 1, text: files['src/a.c'] },
        { path: under('src/b.c'), line: 1, text: 'int b;\n' },
      ],
    });
    expect(read.value.leftOut).toEqual([
      { path: under('link.c'), why: 'no-file' },
      { path: under('logo.png'), why: 'not-text' },
    ]);
  },
);

test('GAT-54 of a repository those files are read that the template asks for', async () => {
  const archive = archiveOf('zip', { 'a.C': 'int a;', 'README.md': '# a', 'sub/Makefile': 'all:' });
  const read = await readRepository(archive, { ...asked, endings: ['.c', 'Makefile'] });
  if (!read.ok) return expect.fail(JSON.stringify(read.refusal));
  const [portion] = read.value.portions;
  expect(portion?.files.map((each) => each.path)).toEqual([
    'cjson-1.7/a.C',
    'cjson-1.7/sub/Makefile',
  ]);
  expect(read.value.leftOut.map(({ why }) => why)).toEqual(['other-ending', 'no-file']);
  const none = await readRepository(archive, { ...asked, endings: ['.rs'] });
  expect(none).toMatchObject({ refusal: { code: 'nothing-to-read', got: 'none; 4 left out' } });
});

test('GAT-54 what no calls hold is refused, whatever it is packed to', async () => {
  const large = 'int a;\n'.repeat(1_000_000);
  const read = await readRepository(archiveOf('tar.gz', { 'a.c': large }), asked);
  expect(read).toMatchObject({ refusal: { code: 'repository-too-large' } });
  const isBinary = await readRepository(
    archiveOf('zip', { 'a.bin': Buffer.alloc(9_000_000), 'b.c': 'int b;' }),
    asked,
  );
  expect(isBinary).toMatchObject({ ok: true });
});

test('DES-1 classification markings are found in the files of an archive as well', async () => {
  const banner = `${'int a;\n'.repeat(20_000)}TOP SECRET//NOFORN\nzebra`;
  const asking = { ...asked, charsMax: 1_000_000 };
  const read = await readRepository(archiveOf('tar.gz', { 'notes/a.txt': banner }), asking);
  expect(read).toMatchObject({
    refusal: {
      code: 'classified-text',
      got: expect.stringContaining('at line 20001, character 1'),
    },
  });
  expect(JSON.stringify(read)).not.toContain('zebra');
  const portion = { 'a.txt': 'fine\n(S//NF) the zebra crossing', 'b.c': ' * (C) INESC 1998\n' };
  const without = await readRepository(archiveOf('zip', { ...portion, 'c.c': 'int c;' }), asked);
  expect(without).toMatchObject({
    value: {
      portions: [{ files: [{ path: 'cjson-1.7/c.c' }] }],
      leftOut: [{ why: 'marked' }, { why: 'marked' }, { why: 'no-file' }],
    },
  });
  expect(JSON.stringify(without)).not.toContain('zebra');
});

test('GAT-54 portions hold every character of every file once, in order, and no more than one call reads', () => {
  const file = fc.record({
    path: fc.stringMatching(/^[a-z]{1,20}\.c$/),
    text: fc
      .array(fc.oneof(fc.constantFrom('\n', '\u{1f980}', 'int a;\n'), fc.string()), {
        maxLength: 400,
      })
      .map((parts) => parts.join('')),
  });
  fc.assert(
    fc.property(
      fc.array(file, { maxLength: 12 }),
      fc.integer({ min: 100, max: 600 }),
      (all, most) => {
        const given = all.map((each, n) => ({
          path: `${n}${each.path}`,
          line: 1,
          text: each.text,
        }));
        const portions = portionsOf(given, most);
        const pieces = portions.flatMap((portion) => portion.files);
        for (const { path: name, text } of given) {
          const own = pieces.filter((piece) => piece.path === name);
          expect(own.map((piece) => piece.text).join('')).toBe(text);
          let line = 1;
          for (const piece of own) {
            expect(piece.line).toBe(line);
            expect(piece.text.isWellFormed()).toBe(
              text.isWellFormed() || piece.text.isWellFormed(),
            );
            line += piece.text.split('\n').length - 1;
          }
        }
        for (const [at, portion] of portions.entries()) {
          expect(portion).toMatchObject({ part: at + 1, of: portions.length });
          const chars = portion.files.reduce(
            (sum, each) => sum + each.path.length + each.text.length,
            0,
          );
          expect(chars).toBeLessThanOrEqual(most);
        }
      },
    ),
    { numRuns: 200 },
  );
});
