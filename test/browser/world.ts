import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  collect,
  coordinate,
  correlate,
  directory,
  distribute,
  operations,
  prioritize,
  record,
  validate,
  verify,
} from '@breakwater/contract';
import type { FixtureLog } from './fixture-log.ts';
import { idOf, inDays, sha } from './names.ts';
import { exposure, notice } from './world-operators.ts';

const report = readFileSync(join(import.meta.dirname, 'fixtures/parse-string.txt'), 'utf8');

const coordinator = { id: idOf('party', 1), name: 'Harbor Coordination Center' };
const firstFinder = { id: idOf('party', 2), name: 'Tidewater Labs' };
const secondFinder = { id: idOf('party', 3), name: 'M. Okafor' };
const owner = { id: idOf('party', 4), name: 'cJSON maintainers' };

const published = idOf('case', 1);
const embargoed = idOf('case', 2);
const merged = idOf('case', 3);
const ownPart = idOf('case', 4);
export const cases = { published, embargoed, merged, ownPart };

/** A title that would run as script if it were ever interpreted. */
export const hostileTitle = 'Overread <img src=x onerror="document.title=\'owned\'"> in get_object';

const target = { package: 'pkg:deb/debian/cjson', version: '1.7.15-1', recipe: 'cjson' };
const common = {
  ...target,
  openedAt: '2026-11-16T08:12:40.000Z',
  report: null,
  level: 'all',
  mergedInto: null,
  revision: 1,
  changedAt: '2026-11-20T17:00:00.000Z',
  waitingFor: 'owner',
  due: null,
};

export const caseRows = [
  {
    ...common,
    id: published,
    title: 'Heap buffer over-read in parse_string on input without a terminator',
    stage: 'published',
    embargo: { state: 'ended', endedAt: '2026-11-20T17:00:00.000Z', because: 'published' },
    findings: 3,
    advisory: 'BW-2026-0007',
  },
  {
    ...common,
    id: embargoed,
    title: hostileTitle,
    stage: 'with-owner',
    embargo: { state: 'until', endsAt: inDays(9), zone: 'America/New_York' },
    findings: 1,
    advisory: null,
  },
  {
    ...common,
    id: ownPart,
    level: 'summary',
    title: 'Crash on a document that ends early',
    stage: 'patch-verified',
    embargo: { state: 'open' },
    findings: null,
    advisory: null,
  },
  {
    ...common,
    id: merged,
    title: 'cJSON_ParseWithLength reads one byte too many',
    stage: 'merged',
    embargo: { state: 'open' },
    findings: 0,
    advisory: null,
    mergedInto: published,
  },
];

const frames = [
  ['parse_string', 'cJSON.c', 777],
  ['parse_object', 'cJSON.c', 1656],
  ['parse_value', 'cJSON.c', 1356],
  ['cJSON_ParseWithLengthOpts', 'cJSON.c', 1116],
  ['cJSON_ParseWithLength', 'cJSON.c', 1178],
  ['main', 'driver.c', 11],
  ['__libc_start_call_main', null, null],
].map(([name, file, line]) => ({ function: name, file, line }));
const crash = {
  type: 'heap-buffer-overflow, read of 1 byte',
  security: true,
  state: ['parse_string', 'parse_object', 'parse_value'],
  frames,
};

const findingBase = {
  ...target,
  kind: 'crash',
  marking: 'AMBER+STRICT',
  case: published,
  standing: 'joined',
  description: null,
  location: null,
  weakness: null,
  identifiers: [],
};
const files = (number: number) => [
  {
    name: 'report.txt',
    content: idOf('content', number),
    size: report.length,
    sha256: sha('4'),
  },
  { name: 'input', content: idOf('content', number + 1), size: 7, sha256: sha('9') },
];

const members = [
  {
    since: '2026-11-16T08:12:40.000Z',
    by: 'opened',
    evidence: [],
    finding: {
      ...findingBase,
      id: idOf('finding', 1),
      title: 'Heap buffer over-read in parse_string on input without a terminator',
      tool: 'libFuzzer 14.0.6',
      reporter: firstFinder,
      receivedAt: '2026-11-16T08:12:40.000Z',
      crash,
      contents: files(1),
    },
  },
  {
    since: '2026-11-16T14:40:03.000Z',
    by: 'exact-identity',
    evidence: ['crash-signature'],
    finding: {
      ...findingBase,
      id: idOf('finding', 2),
      title: 'ASan: overflow while parsing {"1":1,',
      tool: 'harness of our own',
      reporter: secondFinder,
      receivedAt: '2026-11-16T14:40:03.000Z',
      crash,
      contents: files(3),
    },
  },
  {
    since: '2026-11-17T09:05:00.000Z',
    by: 'merge',
    evidence: [],
    finding: {
      ...findingBase,
      id: idOf('finding', 3),
      kind: 'native',
      title: 'cJSON_ParseWithLength reads one byte too many',
      tool: 'code reading',
      reporter: secondFinder,
      receivedAt: '2026-11-16T19:22:51.000Z',
      crash: null,
      description: 'parse_string looks for the closing quote without asking how much is left.\n',
      location: { path: 'cJSON.c', function: 'parse_string', line: 777 },
      weakness: 'CWE-125',
      identifiers: ['CVE-2023-53154'],
      contents: [],
    },
  },
];

const joins = [
  {
    id: idOf('decision', 1),
    kind: 'merge',
    from: merged,
    into: published,
    findings: [idOf('finding', 3)],
    reason: 'Same missing length check, found by reading; the proof of the first fires here too.',
    by: coordinator,
    at: '2026-11-17T09:05:00.000Z',
    undone: null,
  },
];

function runs(build: string, input: string, fired: readonly boolean[]) {
  return fired.map((yes, at) => ({
    build,
    input,
    number: at + 1,
    outcome: yes ? 'fired' : 'quiet',
    reason: yes ? 'heap-buffer-overflow in parse_string, exit 1' : 'exit 0, no report',
    signature: yes ? 'heap-buffer-overflow parse_string parse_object parse_value' : null,
    wallMs: 41 + at * 3,
    peakMemoryBytes: 9_437_184 + at * 4_096,
    networkDenied: true,
  }));
}
const five = [true, true, true, true, true];
const none = [false, false, false, false, false];

const validations = [
  {
    id: idOf('validation', 1),
    case: published,
    finding: idOf('finding', 1),
    recipe: 'cjson',
    recipeDigest: sha('c'),
    status: 'finished',
    requestedAt: '2026-11-16T08:12:41.000Z',
    requestedBy: null,
    finishedAt: '2026-11-16T08:13:20.000Z',
    verdict: 'reproduced',
    reproduced: { k: 5, n: 5, low: 0.566, high: 1 },
    reasons: ['The proof fired on the vulnerable build each time and never on the control build.'],
    attempts: [
      ...runs('vulnerable', 'proof', five),
      ...runs('control', 'proof', none),
      ...runs('vulnerable', 'benign', [false, false]),
    ],
    tier: 'strong',
    report,
    attestation: idOf('attestation', 1),
  },
];

const score = {
  at: '2026-11-16T10:30:00.000Z',
  by: coordinator,
  inputs: [
    input('Exploitation', 'public poc', 'Coordinator’s statement', '2026-11-16'),
    input('Automatable', 'yes', 'Coordinator’s statement', '2026-11-16'),
    input('Technical impact', 'partial', 'Coordinator’s statement', '2026-11-16'),
    input('Known exploited (KEV)', 'no', 'CISA KEV catalog', '2026-11-19'),
    input('EPSS', '0.00042', 'FIRST EPSS', '2026-11-19'),
    { ...input('Publicly exposed', null, 'nobody stated it', null), assumed: 'yes' },
  ],
  ssvc: { decision: 'Attend', table: 'SSVC Coordinator 2.0.3', row: '14' },
  bod2604: {
    tier: 'Remediate within 14 days',
    table: 'BOD 26-04 Table 1',
    row: 'N Y Y P',
    days: 14,
    rule: 'Calendar days from first detection.',
  },
  cvss: {
    vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:H',
    version: '3.1',
    score: 8.2,
    severity: 'High',
  },
};

function input(name: string, value: string | null, source: string, date: string | null) {
  return { name, value, source, date, assumed: null };
}

const matrix = (patched: number) => [
  row(1, 'Proof of the first report', 5, patched),
  row(2, 'Proof of the second report', 5, patched),
  { finding: null, label: 'Variant: empty key', ...fired(5, 0) },
];
function row(finding: number, label: string, unpatched: number, patched: number) {
  return { finding: idOf('finding', finding), label, ...fired(unpatched, patched) };
}
function fired(unpatched: number, patched: number) {
  return { unpatched: { fired: unpatched, of: 5 }, patched: { fired: patched, of: 5 } };
}

const patches = [
  {
    id: idOf('patch', 2),
    case: published,
    title: 'Check the length before reading the closing quote',
    by: owner,
    at: '2026-11-18T11:02:00.000Z',
    sha256: sha('a'),
    size: 1_214,
    verification: {
      id: idOf('verification', 2),
      status: 'finished',
      finishedAt: '2026-11-18T11:04:10.000Z',
      verdict: 'verified',
      reasons: [],
      matrix: matrix(0),
      tests: { unpatched: '19 passed', patched: '19 passed' },
      attempts: [...runs('unpatched', 'proof', five), ...runs('patched', 'proof', none)],
      tier: 'strong',
      attestation: idOf('attestation', 2),
    },
  },
  {
    id: idOf('patch', 1),
    case: published,
    title: 'Return early on empty strings',
    by: secondFinder,
    at: '2026-11-17T16:20:00.000Z',
    sha256: sha('b'),
    size: 803,
    verification: {
      id: idOf('verification', 1),
      status: 'finished',
      finishedAt: '2026-11-17T16:22:00.000Z',
      verdict: 'refused',
      reasons: ['2 of 3 proofs still fire with the patch.'],
      matrix: matrix(5),
      tests: { unpatched: '19 passed', patched: '19 passed' },
      attempts: [...runs('unpatched', 'proof', five), ...runs('patched', 'proof', five)],
      tier: 'strong',
      attestation: idOf('attestation', 3),
    },
  },
];

const acts = [
  ['collect.received', firstFinder, '2026-11-16T08:12:40.000Z'],
  ['collect.received', secondFinder, '2026-11-16T14:40:03.000Z'],
  ['correlate.merged', coordinator, '2026-11-17T09:05:00.000Z'],
  ['verify.proposed', secondFinder, '2026-11-17T16:20:00.000Z'],
  ['verify.proposed', owner, '2026-11-18T11:02:00.000Z'],
  ['distribute.published', coordinator, '2026-11-20T17:00:00.000Z'],
] as const;

/** What each act says in the log. */
export const logContents = acts.map(([act, actor, at]) => ({ act, actor: actor.id, at }));

/** The answers of the fixture server, each parsed by its operation: the fixture cannot drift. */
export function answersOf(log: FixtureLog) {
  const timeline = acts.map(([act, actor, at], number) => ({
    entry: idOf('entry', number + 1),
    at,
    act,
    actor,
    index: number === acts.length - 1 ? null : log.indexOf(number),
  }));
  const party = (name: string, role: string, number: number) =>
    directory.whoAmI.output.parse({
      party: { id: idOf('party', number), name, role, createdAt: '2026-11-01T00:00:00.000Z' },
      member: null,
      permissions: operations
        .filter(({ callers }) => callers.some((caller) => caller === role))
        .map(({ id }) => id),
    });
  return {
    coordinator: party(coordinator.name, 'coordinator', 1),
    operator: party('Port of Alder', 'operator', 23),
    finder: party(firstFinder.name, 'finder', 2),
    auditor: party('County counsel', 'auditor', 31),
    cases: coordinate.list.output.parse({ items: caseRows, next: null }),
    participants: coordinate.participants.output.parse({
      items: [
        person(coordinator, 'coordinator', '2026-11-16T08:12:40.000Z'),
        person(owner, 'owner', '2026-11-16T10:31:00.000Z'),
        person(firstFinder, 'finder', '2026-11-16T08:12:40.000Z'),
        person(secondFinder, 'finder', '2026-11-16T14:40:03.000Z'),
      ],
    }),
    messages: coordinate.messages.output.parse({
      items: [
        {
          id: idOf('message', 1),
          author: owner,
          at: '2026-11-18T11:05:00.000Z',
          text: 'The check belongs before the loop.\nPlease see the second patch.',
        },
        { id: idOf('message', 2), author: firstFinder, at: '2026-11-17T08:00:00.000Z', text: null },
      ],
      next: null,
    }),
    findings: correlate.findings.output.parse({ members, joins }),
    validations: validate.list.output.parse({ items: validations }),
    score: prioritize.get.output.parse({ score }),
    patches: verify.list.output.parse({ items: patches }),
    exposure: distribute.exposure.output.parse(exposure),
    notices: distribute.listNotices.output.parse({ items: [notice], next: null }),
    inventories: distribute.listInventories.output.parse({ items: [], next: null }),
    timeline: record.timeline.output.parse({ items: timeline }),
    finding: collect.get.output.parse(members[0]?.finding),
  };
}

function person(party: typeof owner, as: string, since: string) {
  return { party, as, since, reason: null };
}
