import fc from 'fast-check';
import { expect, test } from 'vitest';
import { classified } from './find.ts';
import { refuseClassified } from './refuse.ts';

// The forms are those of ISOO's marking booklet and of 32 CFR 2001; the texts are made up.
const marked: Readonly<Record<string, readonly string[]>> = {
  banner: [
    'TOP SECRET//SI//NOFORN',
    'SECRET//REL TO USA, FVEY',
    'SECRET//NOFORN\nThe model was run twice.\nSECRET//NOFORN',
    'SECRET',
    'CONFIDENTIAL',
    '  *** SECRET ***  ',
    '**TOP SECRET**',
    '# Top Secret',
    'Words before.\r\nSECRET\r\nwords after.',
    'SECRET // NOFORN',
    'TOP SECRET//HCS-P/SI-G/TK//ORCON/NOFORN',
    'TS//SI//NF',
    'secret//noforn',
    'SECRET/NOFORN',
    'TOP SECRET/TALENT KEYHOLE',
    'see the annex, which is TOP SECRET',
    'TOP_SECRET//SI',
    'SECRET SECRET SECRET',
    '//GBR SECRET//',
    '//JOINT SECRET USA GBR//REL TO USA, GBR',
    'NATO SECRET',
    'COSMIC TOP SECRET',
    'SECRET UE/EU SECRET',
    'CONFIDENTIAL//FGI GBR',
    'SECRET//RD-CNWDI',
    'T0P S3CRET',
    'UNCLASSIFIED WHEN SEPARATED FROM ENCLOSURE',
    'Classification: Secret',
    'Overall classification: TOP SECRET',
  ],
  portion: [
    '(TS//SI) The estimate is above.',
    '(S) The estimate is above.',
    '(C) The estimate is above.',
    '(TS) The estimate is above.',
    '(S//NF) The estimate is above.',
    '(S//REL TO USA, FVEY) The estimate is above.',
    '(U) An introduction. (S) What follows.',
    '1. (S) The estimate is above.',
    '- (C) The estimate is above.',
    'An introduction.\n    (S//NF) What follows.',
    'What the model found (S)',
    'What the model found (S//NF)',
    '(s//nf) small letters',
    '(TS/SI) one slash',
    '( S ) apart',
    '[S//NF] in brackets',
    '(//NATO S) from an ally',
  ],
  'authority-block': [
    'Classified By: J. Doe, Director',
    'CLASSIFIED BY 1234567',
    'Derived From: a guide',
    'DERIVED FROM: MULTIPLE SOURCES',
    'derived from: the classification guide of 2024',
    'Declassify On: 20501231',
    'DECLASSIFY ON: 25X1',
    'DECL ON: X1',
    'CL BY: 1234567\nDRV FROM: 1-52\nDECL ON: 20501231',
    'to declassify on 2050-12-31',
    'Reason: 1.4(c)',
    'until 50X1-HUM',
    'RESTRICTED DATA as defined in the Atomic Energy Act of 1954',
  ],
  control: [
    'NOFORN',
    'do not send: noforn',
    'marked ORCON by its originator',
    'REL TO USA, AUS, CAN, GBR, NZL',
    'USA, FVEY',
    'FVEY',
    '(FVEY)',
  ],
};

const disguised = [
  'ＴＯＰ ＳＥＣＲＥＴ／／ＳＩ',
  '𝐒𝐄𝐂𝐑𝐄𝐓//𝐍𝐎𝐅𝐎𝐑𝐍',
  'ТОР ЅЕСRЕТ',
  'ΤΟΡ SΕCRΕΤ//SI',
  'S\u200bE\u200bC\u200bR\u200bE\u200bT//NO\u00adFORN',
  'TOP\u00a0SECRET',
  'TO\u2060P SEC\ufeffRET',
  'S E C R E T',
  'T O P   S E C R E T',
  'T.O.P. S.E.C.R.E.T',
  'S-E-C-R-E-T',
  'N O F O R N',
  '⒮ no, but (Ⓢ//NF) yes',
  '🅃🄾🄿 🅂🄴🄲🅁🄴🅃',
  '🅢🅔🅒🅡🅔🅣',
  'ꜱᴇᴄʀᴇᴛ//ɴᴏꜰᴏʀɴ',
  'SÉCRËT//NOFORN',
  '❨TS⧸⧸SI❩ The estimate',
  '（ＴＳ／／ＳＩ）',
  '\u202eNROFON//TERCES\u202c',
  'SECRET⁄⁄NOFORN',
  '&#83;ECRET&#x2f;&#47;NOFORN',
  '&lpar;S&sol;&sol;NF&rpar; The estimate',
  '(&#1029;&sol;&sol;NF) The estimate',
  '<p><b>S</b>ECRET//NF</p>',
  '(<em>S</em>//NF) The estimate',
  '(S<!-- a note -->//NF) The estimate',
  '(**S**//NF) The estimate',
  'SECRET\\u002f\\u002fNOFORN',
  'SECRET%2F%2FNOFORN',
  'TOP_SECRET_brief.pdf',
  'report_SECRET//NF.pdf',
  'TS_SI_TK_brief.pdf',
  'brief (S_NF).pdf',
  '\u2067NROFON//TERCES\u2069',
];

const unmarked = [
  '(c) the party shall return what it holds',
  '(a) this;\n(b) that;\n(c) the other',
  '(A) this;\n(B) that;\n(C) the other',
  'the person(s) named, the PERSON(S) named',
  '(s)',
  'secret key',
  'a secret is kept in the key store',
  'CLIENT SECRET and SECRET KEY',
  'the SECRET has to be changed each month',
  '(U) This paragraph is unclassified.',
  'UNCLASSIFIED',
  'UNCLASSIFIED//FOUO',
  '(U//FOUO) controlled, and not classified',
  'Copyright (C) 2026 Example',
  'Copyright\n(C) 2026 Example',
  '(C) Copyright Example',
  'written in TypeScript (TS)',
  'a Technical Specification (TS) follows',
  'trade secrets, confidential information and trade secret law',
  'Confidential',
  'Company confidential',
  'CONFIDENTIALITY',
  '2. CONFIDENTIAL INFORMATION',
  'CONFIDENTIAL AND PROPRIETARY',
  'Recipients keep Confidential Information confidential.',
  'derived from an earlier model of ours',
  'Derived from: our earlier model',
  'this was classified by two reviewers as valid',
  'classified by severity, from high to low',
  'class (S) amplifiers and grade (C) steel in one line',
  'at 30 (C)\nand 80 (F)',
  'https://SECRET.example/path',
  'const secret = read(); // the key',
  'our people hold TS/SCI clearances (TS/SCI)',
  'Top Secret clearances are held by three of us',
  'SI units; TK is the domain of Tokelau',
  'the bag-of-words of secret//path',
  'Five Eyes countries, FVEY partners among them',
  'NATO member states',
  'size S, C or XL; sizes (S), (M) and (L)',
  'Section 1.4(c) of the agreement',
  'F.B.I. and C.I.S.A. were told',
  'a b c d e f g',
  'e.g. i.e. U.S.C. 1030',
  'Секретный ключ и пароль',
  'このキーは秘密です',
  'CTF: find the flag{S3CR3T_f0und}',
  'TOP_SECRET_KEY=abc',
  'SECRET_KEY.txt and CONFIDENTIAL_VM.md',
  'const TS_SINK = open(); // &amp; the S-box',
  '<b>secret</b> key &amp; a 50%25 share, C:\\\\users\\\\x41',
  'https://example.org/a%2Fb?q=secret%20key',
  '**secret** sharing, `secret//path`, ~~secret~~',
  'Data classification: confidential',
  'sha256:5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8',
  'NSA-2026-0117',
  '',
];

test.each(Object.entries(marked).flatMap(([kind, texts]) => texts.map((text) => [kind, text])))(
  'finds as %s: %s',
  (kind, text) => {
    expect(classified(text)).not.toBeNull();
    const kinds = new Set(text.split(/\n/).flatMap((line) => classified(line)?.kind ?? []));
    expect([...kinds]).toContain(kind);
  },
);

test.each(disguised)('finds as the eye reads it: %s', (text) => {
  expect(classified(text)).not.toBeNull();
});

test.each(unmarked)('leaves alone: %s', (text) => {
  expect(classified(text)).toBeNull();
  expect(classified(`Before it.\n${text}\nAfter it.`)).toBeNull();
});

test('says where in the original, whatever shows nothing before it', () => {
  expect(classified('one\r\ntwo\u200b\u200b \u{1f600} SECRET//NOFORN')).toEqual({
    kind: 'banner',
    line: 2,
    column: 10,
  });
});

test('a refusal tells the field, the form and the place, and nothing of the text', () => {
  const refused = refuseClassified({ plan: [{ 'a/b': 'fine\n(S//NF) the zebra crossing' }] });
  expect(refused.ok ? null : refused.refusal).toEqual({
    code: 'classified-text',
    expected: 'text without classification markings: this system is unclassified',
    got: 'what reads as a portion marking at line 2, character 1; nothing was kept',
    todo: 'if it is classified, tell your security officer and send it nowhere; if not, word it otherwise',
    pointer: '/plan/0/a~1b',
  });
  const inName = refuseClassified({ 'SECRET//NOFORN zebra': 1 });
  expect(JSON.stringify(inName)).not.toContain('zebra');
});

test('a marking is found wherever it stands among other words, and its refusal echoes none', () => {
  const words = fc.string({ unit: fc.constantFrom('q', 'w', 'x', 'y', ' ', '.', '\n') });
  const marks = fc.constantFrom('TOP SECRET//SI//NOFORN', '(TS//SI)', 'NOFORN', 'Declassify On: 1');
  fc.assert(
    fc.property(words, marks, words, (before, mark, after) => {
      const refused = refuseClassified({ text: `${before}\n${mark}\n${after}` });
      expect(refused.ok).toBe(false);
      expect(JSON.stringify(refused)).not.toContain(mark);
    }),
  );
});

test('anything is read, of any length, and numbers and nothing are no text', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, text) => {
      expect(refuseClassified(value).ok).toBe(true);
      expect(() => classified(text)).not.toThrow();
    }),
    { numRuns: 30 },
  );
  const long = ['(', 'S ', ' ', '\n', 'T.', 'SECRET/', '//', '(S)', 'secret ', '*'];
  for (const piece of long) classified(piece.repeat(100_000 / piece.length));
});
