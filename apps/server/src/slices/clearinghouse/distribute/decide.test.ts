import type { Publication } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { describe, expect, test } from 'vitest';
import {
  decideFollow,
  decidePublish,
  decideRevise,
  type PatchState,
  type PublicationState,
} from './decide.ts';

// Ids and hours are spelled as kernel writes them.
const now = '2026-03-01T08:00:00.000Z' as Instant;
const later = '2026-03-01T09:00:00.000Z' as Instant;
const patchId = 'patch_1' as Id<'patch'>;
const open: PublicationState = { mergedInto: null, embargo: { state: 'open' }, advisory: null };
const verified: PatchState = {
  inCase: true,
  verified: true,
  sha256: `sha256:${'0'.repeat(64)}`,
  attestation: null,
};
const debian = {
  ecosystem: 'Debian:12' as const,
  package: 'cjson',
  introduced: '0',
  fixed: '1.7.18-1',
  binaries: ['libcjson1'],
};
const wish: Publication = {
  summary: 'Overflow',
  details: 'Told at length',
  affected: [debian],
  aliases: ['CVE-2026-1000'],
  references: [],
  creditFinders: true,
};

function decide(state = open, wished: Publication = wish, patch: PatchState | null = null) {
  const facts = {
    id: 'x_BW-2026-00000000',
    now,
    patch,
    finders: ['Ada', 'Bo'],
    issuer: { name: 'A clearinghouse', contact: null, url: 'https://clearinghouse.example' },
    revisions: [],
    change: 'First publication.',
  };
  return decidePublish(state, wished, facts);
}

describe('DIS-1 an advisory goes out when nothing holds it back', () => {
  const until = (endsAt: Instant) => ({
    ...open,
    embargo: { state: 'until' as const, endsAt, zone: 'UTC' },
  });
  const ended = {
    ...open,
    embargo: { state: 'ended' as const, endedAt: now, because: 'public' as const },
  };
  test.each([
    ['an open embargo', open, 'published'],
    ['an embargo that ended', ended, 'published'],
    ['its very hour', until(now), 'published'],
    ['an embargo that runs', until(later), 'embargoed'],
    ['an advisory that is out', { ...open, advisory: 'x' }, 'already-published'],
    ['a case joined into another', { ...open, mergedInto: 'case_2' }, 'case-merged'],
  ])('%s', (_, state, outcome) => {
    const decided = decide(state);
    expect(decided.ok ? 'published' : decided.refusal.code).toBe(outcome);
  });
});

describe('DIS-2 a patch that goes with it is verified, and of this case', () => {
  test.each([
    ['verified', verified, 'published'],
    ['not verified', { ...verified, verified: false }, 'patch-not-verified'],
    ['of another case', { ...verified, inCase: false }, 'patch-not-verified'],
  ])('%s', (_, patch, outcome) => {
    const decided = decide(open, { ...wish, patch: patchId }, patch);
    expect(decided.ok ? 'published' : decided.refusal.code).toBe(outcome);
  });
});

describe('DIS-3 versions are written as the ecosystem writes them, in order', () => {
  test.each([
    ['npm', '0', '1.3.6', 'published'],
    ['npm', '1.0.0', '1.3.6', 'published'],
    ['npm', '1.3.6', '1.3.6', 'version-malformed'],
    ['npm', '2.0.0', '1.3.6', 'version-malformed'],
    ['npm', 'one', '1.3.6', 'version-malformed'],
    ['npm', '0', 'latest', 'version-malformed'],
    ['Debian:12', '0', '1.7.15-1+deb12u1', 'published'],
    ['Debian:12', '1:1.0-1', '2.0-1', 'version-malformed'],
  ] as const)('%s from %s to %s: %s', (ecosystem, introduced, fixed, outcome) => {
    const affected = [{ ecosystem, package: 'ini', introduced, fixed, binaries: [] }];
    const decided = decide(open, { ...wish, affected });
    expect(decided.ok ? 'published' : decided.refusal.code).toBe(outcome);
  });
});

test('DIS-4 the record is OSV, with credit to every finder and the digest of the patch', () => {
  const decided = decide(open, { ...wish, patch: patchId }, verified);
  expect(decided.ok ? decided.value.record : decided.refusal).toEqual({
    schema_version: '1.7.3',
    id: 'x_BW-2026-00000000',
    modified: now,
    published: now,
    aliases: ['CVE-2026-1000'],
    summary: 'Overflow',
    details: 'Told at length',
    affected: [
      {
        package: { ecosystem: 'Debian:12', name: 'cjson', purl: 'pkg:deb/debian/cjson' },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1.7.18-1' }] }],
        ecosystem_specific: { binaries: ['libcjson1'] },
      },
    ],
    references: [],
    credits: [
      { name: 'Ada', type: 'FINDER' },
      { name: 'Bo', type: 'FINDER' },
    ],
    database_specific: {
      verified_patch: { id: patchId, sha256: verified.sha256, attestation: null },
    },
  });
});

test('DIS-4 finders who shall not be named are not', () => {
  const decided = decide(open, { ...wish, creditFinders: false });
  expect(decided.ok && 'credits' in decided.value.record).toBe(false);
});

describe('DIS-19 it goes out in every format or not at all', () => {
  const three = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N';
  test.each([
    ['a vector and a weakness', { severity: [three], weaknesses: ['CWE-125'] }, 'published'],
    ['no vector', { severity: ['CVSS:9'] }, '/severity/0'],
    ['no weakness', { weaknesses: ['CWE-125', 'CWE-99999'] }, '/weaknesses/1'],
    ['two of one version', { severity: [three, three] }, '/severity/1'],
  ])('with %s: %s', (_, more, outcome) => {
    const decided = decide(open, { ...wish, ...more });
    expect(decided.ok ? 'published' : decided.refusal.pointer).toBe(outcome);
  });

  test('and says the same in each', () => {
    const decided = decide(open, { ...wish, severity: [three], weaknesses: ['CWE-125'] });
    if (!decided.ok) throw new Error(JSON.stringify(decided.refusal));
    const { record, documents } = decided.value;
    expect(record.severity).toEqual([{ type: 'CVSS_V3', score: three }]);
    expect(record.database_specific).toEqual({ cwe_ids: ['CWE-125'] });
    const csaf = JSON.parse(documents.csaf);
    expect(csaf.vulnerabilities[0].scores[0].cvss_v3.vectorString).toBe(three);
    expect(csaf.document.references[0].url).toBe(
      'https://clearinghouse.example/.well-known/csaf/white/2026/x_bw-2026-00000000.json',
    );
    expect(Object.keys(JSON.parse(documents.cve))).toEqual(['cnaContainer']);
    expect(JSON.parse(documents.openvex ?? '').statements[0].vulnerability.name).toBe(
      'CVE-2026-1000',
    );
  });
});

describe('DIS-21 a published advisory may be revised', () => {
  const out = { ...open, advisory: 'x_BW-2026-00000000' };
  const facts = {
    id: 'x_BW-2026-00000000',
    now: later,
    patch: null,
    finders: [],
    issuer: { name: 'A clearinghouse', contact: null, url: 'https://clearinghouse.example' },
    revisions: [{ number: 1, date: now, summary: 'First publication.' }],
    change: 'The fixed version was another.',
  };

  test('under its id, with its history, and the hour of its first publication', () => {
    const decided = decideRevise(out, wish, facts);
    if (!decided.ok) throw new Error(JSON.stringify(decided.refusal));
    const { record, documents } = decided.value;
    expect([record.id, record.published, record.modified]).toEqual([facts.id, now, later]);
    expect(JSON.parse(documents.csaf).document.tracking).toMatchObject({
      version: '2',
      initial_release_date: now,
      current_release_date: later,
      revision_history: [
        { number: '1', summary: 'First publication.' },
        { number: '2', summary: 'The fixed version was another.' },
      ],
    });
    expect(JSON.parse(documents.openvex ?? '').version).toBe(2);
  });

  test.each([
    ['one that is out', out, 'revised'],
    ['one that is not', open, 'not-published'],
    ['of a case joined into another', { ...out, mergedInto: 'case_2' }, 'case-merged'],
  ])('%s', (_, state, outcome) => {
    const decided = decideRevise(state, wish, facts);
    expect(decided.ok ? 'revised' : decided.refusal.code).toBe(outcome);
  });
});

describe('DIS-13 a notice follows the newer list of its inventory', () => {
  test.each([
    ['open', true, 'distribute.card-renewed'],
    ['helper', true, 'distribute.card-renewed'],
    ['done', true, 'distribute.reopened'],
    ['resolved', true, 'distribute.reopened'],
    ['not-affected', true, null],
    ['withdrawn', true, null],
    ['open', false, 'distribute.resolved'],
    ['helper', false, 'distribute.resolved'],
    ['done', false, null],
    ['resolved', false, null],
    ['not-affected', false, null],
  ] as const)('%s, and still affected: %s', (status, affected, step) => {
    expect(decideFollow(status, affected)).toBe(step);
  });
});
