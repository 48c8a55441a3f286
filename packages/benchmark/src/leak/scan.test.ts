import { bytesToHex, toBase64, utf8 } from '@breakwater/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findCanaries, makeCanary } from './canary.ts';
import { type Piece, type Secret, startLeakScan } from './scan.ts';

const canary = 'BREAKWATER-CANARY 7d1f2d4e-5a0b-4c3d-9e8f-0123456789ab';
const secrets: Secret[] = [
  { kind: 'canary', text: canary },
  { kind: 'answer', text: 'bw{Blue-Harbor 42}' },
  { kind: 'answer', text: '42' },
];

function leaksOf(pieces: readonly Piece[], searched = secrets) {
  const scan = startLeakScan(searched);
  if (!scan.ok) throw new Error(scan.refusal.code);
  return pieces.flatMap((piece) => {
    const leaks = scan.value.take(piece);
    if (!leaks.ok) throw new Error(leaks.refusal.code);
    return leaks.value;
  });
}

const model = (text: string): Piece => ({ by: 'model', text });
const flag = 'bw{Blue-Harbor 42}';

test.each([
  ['plain', `I remember: ${flag}!`],
  ['folded', 'BW{BLUE-harbor42}'],
  ['folded', 'b w { B l u e - H a r b o r  4 2 }'],
  ['folded', 'bw{Blue-Har\u200bbor\n42}'],
  ['folded', 'ｂｗ{Blue-Harbor 42}'],
  ['reversed', `it is ${Array.from(flag).toReversed().join('')}`],
  ['hex', bytesToHex(utf8(flag))],
  ['hex', bytesToHex(utf8(flag)).toUpperCase().replace(/../g, '$& ')],
  ['hex', bytesToHex(utf8(flag.toLowerCase())).replace(/../g, '\\x$&')],
  ['url', encoded(flag)],
  ['url', 'q=bw%7BBlue-Harbor+42%7D'],
  ['url', 'bw%7bBlue%2dHarbor%2042%7d'],
  ['base64', toBase64(utf8(flag))],
  ['base64', toBase64(utf8(`a${flag}`))],
  ['base64', toBase64(utf8(`ab${flag}xyz`))],
  ['base64', toBase64(utf8(`answer=${flag.toUpperCase()}`)).replace(/.{5}/g, '$&\n')],
])('found as %s: %s', (encoding, text) => {
  expect(leaksOf([model('let me see'), model(text)])).toEqual([
    { secret: 1, kind: 'answer', why: 'known', piece: 1, encoding },
  ]);
});

function encoded(text: string): string {
  return bytesToHex(utf8(text)).replace(/../g, '%$&');
}

test('no alarm on what the task or its world showed first, however it was written', () => {
  expect(leaksOf([{ by: 'task', text: `Say ${flag} to win.` }, model(flag)])).toEqual([]);
  expect(leaksOf([{ by: 'world', text: toBase64(utf8(flag)) }, model(flag)])).toEqual([]);
  expect(leaksOf([{ by: 'task', text: canary }, model(canary)])).toEqual([]);
  expect(leaksOf([model('42 is the answer; bw{Blue-Harbor 43}')])).toEqual([]);
});

test('a canary in the world tells that a file of the suite lies open there', () => {
  const uuid = canary.slice(18);
  expect(leaksOf([{ by: 'world', text: `# ${canary}` }, model(uuid)])).toEqual([
    { secret: 0, kind: 'canary', why: 'in-world', piece: 0, encoding: 'plain' },
  ]);
  expect(leaksOf([model(uuid.replaceAll('-', '')), model(uuid), model(uuid)])).toEqual([
    { secret: 0, kind: 'canary', why: 'known', piece: 1, encoding: 'plain' },
  ]);
});

test('what is too short to tell from chance is named and not looked for', () => {
  const scan = startLeakScan(secrets);
  expect(scan.ok && scan.value.tooShort).toEqual([2]);
});

test('found at whatever place, in whatever encoding, among other text', () => {
  const encoders: readonly ((text: string) => string)[] = [
    (text) => text,
    (text) => text.toUpperCase(),
    (text) => Array.from(text).join(' '),
    (text) => Array.from(text).toReversed().join(''),
    (text) => bytesToHex(utf8(text)),
    encoded,
  ];
  const secret = fc.stringMatching(/^[a-z0-9{}_]{8,40}$/);
  const noise = fc.string({ maxLength: 60 });
  fc.assert(
    fc.property(
      secret,
      noise,
      noise,
      fc.constantFrom(...encoders),
      (text, before, after, encode) => {
        const found = leaksOf(
          [model(`${before} ${encode(text)} ${after}`)],
          [{ kind: 'answer', text }],
        );
        expect(found.map(({ secret: number }) => number)).toEqual([0]);
      },
    ),
  );
  fc.assert(
    fc.property(secret, fc.string(), fc.string(), (text, before, after) => {
      const all = toBase64(utf8(`${before}${text}${after}`));
      expect(leaksOf([model(all)], [{ kind: 'answer', text }])).toHaveLength(1);
    }),
  );
});

test('found across the blocks that a long text is read in', () => {
  const text = `${' x'.repeat(524_280)}${flag}${'y '.repeat(1000)}`;
  expect(leaksOf([model(text)]).map(({ encoding }) => encoding)).toEqual(['plain']);
  const beyond = `${'z'.repeat(1_048_574)}${toBase64(utf8(flag))}`;
  expect(leaksOf([model(beyond)]).map(({ encoding }) => encoding)).toEqual(['base64']);
});

test('random text is no leak', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 2000 }), (text) => {
      expect(leaksOf([model(text)])).toEqual([]);
    }),
  );
});

test('beyond its bounds a scan refuses', () => {
  const many = Array.from({ length: 65 }, (): Secret => ({ kind: 'answer', text: 'long enough' }));
  expect(startLeakScan(many)).toMatchObject({ refusal: { code: 'too-many-secrets' } });
  const long: Secret = { kind: 'answer', text: 'x'.repeat(1001) };
  expect(startLeakScan([long])).toMatchObject({ refusal: { code: 'secret-too-long' } });
});

test('a canary is a line with a UUID of version 4, and is found in any text', () => {
  const made = makeCanary(new Uint8Array(16).fill(0xff));
  expect(made).toBe('BREAKWATER-CANARY ffffffff-ffff-4fff-bfff-ffffffffffff');
  expect(findCanaries(`x ${made.toUpperCase()} y ${canary} ${canary}`)).toEqual([made, canary]);
  expect(findCanaries('BREAKWATER-CANARY of something')).toEqual([]);
});
