import type { Operation } from '@breakwater/contract';

/** A way out of the installation that is no operation of the contract. */
export interface Door {
  readonly door: string;
  readonly who: string;
  readonly reveals: string;
  /** Numbers of docs/rules/disclosures.md; none where it tells nobody of what they may not see. */
  readonly disclosures: readonly string[];
}

/** HTTP paths beside the operations, as the server's code writes them. */
export const paths: readonly Door[] = [
  door('/openapi.json', 'everybody', 'the API as the contract says it; the same everywhere'),
  door('/docs', 'everybody', 'the page that shows it'),
  door('/docs/start.js', 'everybody', 'its script'),
  door('/docs/:name', 'everybody', 'two files of swagger-ui-dist, by name'),
  door('/assets/:name', 'everybody', 'scripts, styles and fonts of the web client'),
  door('/checker.html', 'everybody', 'the offline checker of the log'),
  door('/log/key', 'everybody', 'the log’s newest key', 'D-18'),
  door('/log/keys', 'everybody', 'every key of the log and when it was rotated', 'D-18'),
  door('/log/checkpoint', 'everybody', 'the newest signed checkpoint', 'D-17'),
  door('/log/tile/*', 'everybody', 'tiles of the log: hashes of commitments and padding', 'D-17'),
  door('/keys/attestation', 'everybody', 'the keys attestations are checked with', 'D-18'),
  door('/healthz', 'everybody', 'that the process answers'),
  door('/readyz', 'everybody', 'that it serves'),
  door('/unsubscribe/:token', 'whoever holds the link of a mail', 'a page to stop such mail'),
  ...[
    '/.well-known/csaf/provider-metadata.json',
    '/.well-known/csaf/service.json',
    '/.well-known/csaf/openpgp/:name',
    '/.well-known/csaf/white/feed-tlp-white.json',
    '/.well-known/csaf/white/index.txt',
    '/.well-known/csaf/white/changes.csv',
    '/.well-known/csaf/white/',
    '/.well-known/csaf/white/:year/',
    '/.well-known/csaf/white/:year/:name',
  ].map((path) => door(path, 'everybody', 'published advisories as CSAF documents', 'D-15')),
  door(
    '/claim-check',
    'whoever knows the salt of the federation, where one is set up',
    'whether a finding with this repository, path and weakness is here, and whom to write to',
    'D-55',
  ),
  door(
    '/sign-in/organization/:provider',
    'everybody',
    'a redirect to the organization’s own sign-in',
  ),
  door(
    '/sign-in/organization/:provider/callback',
    'whom the organization sends back',
    'a session, or that it was refused',
  ),
  door('/metrics', 'the administrator, on the local socket', 'counts and times', 'D-14'),
  door('/admin/keys', 'the administrator, on the local socket', 'a backup of the signing keys'),
  door('/admin/keys/rotate', 'the administrator, on the local socket', 'the new public key'),
  door(
    '/admin/backup/hold',
    'the administrator, on the local socket',
    'that the database stands still',
  ),
  door(
    '/admin/backup/erasures',
    'the administrator, on the local socket',
    'ids of what was erased',
  ),
];

/** Sockets that are listened on. */
export const sockets: readonly Door[] = [
  door('TCP, BREAKWATER_HOST and BREAKWATER_PORT', 'whoever reaches it', 'the paths on this page'),
  door(
    'admin.sock in the data directory, mode 0600',
    'the user who runs the server',
    'the same, as the administrator; metrics, signing keys and backup beside them',
  ),
  door('TCP, BREAKWATER_GATEWAY_LISTEN', 'whoever has a key of the gateway', 'answers of models'),
  door(
    'gateway/metrics-*.sock in the data directory, mode 0600',
    'the user who runs a process of the gateway',
    'its counts and times',
    'D-105',
  ),
  door(
    'database/socket/.s.PGSQL.5432, in a directory of mode 0700',
    'the user who runs the server',
    'the embedded database: rows and references, no content',
  ),
];

/** What lies in the data directory (mode 0700), and what each file tells whoever may read it. */
export const files: readonly Door[] = [
  door('content/', 'the user who runs the server', 'each item encrypted under a key of its own'),
  door(
    'keys/content/',
    'the user who runs the server',
    'those keys: with content/, every text and file',
  ),
  door(
    'keys/signing/',
    'the user who runs the server',
    'the private keys of log, attestations and advisories',
  ),
  door('log/', 'the user who runs the server', 'what /log serves', 'D-17'),
  door('database/', 'the user who runs the server', 'rows and references, no content'),
  door('mail/', 'the user who runs the server', 'every mail, where mail is set to go into files'),
  door('cache/', 'the user who runs the server', 'sources and builds of recipes'),
  door(
    'gateway/',
    'the user who runs the server',
    'ids, amounts and digests of calls that are not stored yet',
  ),
  door('address', 'the user who runs the server', 'where the server listens'),
];

/** Mails that are sent. None holds what is confidential: each says that there is something, and where. */
export const mails: readonly Door[] = [
  door(
    'link',
    'a member whose address was given',
    'a one-time link to sign in; it ends in minutes',
  ),
  door(
    'news',
    'a member who chose so',
    'that there is something new, and the installation’s address',
    'D-35',
  ),
  door(
    'news',
    'who applied as a partner and left an address',
    'that there is something to read, and the link to it',
    'D-100',
  ),
  door('security', 'a member', 'that a way in was added or changed'),
  door(
    'urgent',
    'the people of a party whose work was stopped',
    'that something needs them, and the installation’s address',
    'D-35',
  ),
];

/** What an operation tells by name of what its caller may not see. */
export const disclosures: Readonly<Record<string, readonly string[]>> = {
  'directory.list-parties': ['D-11'],
  'directory.list-members': ['D-24', 'D-32'],
  'directory.list-invitations': ['D-24'],
  'session.preview': ['D-33'],
  'session.add-passkey': ['D-34'],
  'deconflict.control': ['D-63'],
  'deconflict.controls': ['D-63'],
  'deconflict.prove-control': ['D-63', 'D-65'],
  'deconflict.authorization': ['D-61'],
  'deconflict.authorizations': ['D-61'],
  'deconflict.may': ['D-60', 'D-61'],
  'deconflict.stop': ['D-64'],
  'deconflict.stops': ['D-64'],
  'deconflict.claim': ['D-40', 'D-60'],
  'deconflict.preview-claim': ['D-40', 'D-60'],
  'deconflict.list-claims': ['D-45', 'D-62'],
  'deconflict.get-claim': ['D-42', 'D-45', 'D-62'],
  'deconflict.renew-claim': ['D-41', 'D-45', 'D-62'],
  'deconflict.use-claim': ['D-45', 'D-62'],
  'deconflict.answer-offer': ['D-42'],
  'deconflict.wait': ['D-40', 'D-60'],
  'deconflict.list-waits': ['D-45'],
  'deconflict.ask-join': ['D-40', 'D-60'],
  'deconflict.answer-join': ['D-42'],
  'deconflict.list-claim-requests': ['D-41', 'D-42'],
  'deconflict.watch-claims': ['D-44'],
  'deconflict.watch-waits': ['D-44'],
  'deconflict.list-conflicts': ['D-44'],
  'deconflict.list-askers': ['D-44'],
  'deconflict.map': ['D-43', 'D-44', 'D-45'],
  'deconflict.precheck-evaluate': ['D-50'],
  'deconflict.precheck-buckets': ['D-50', 'D-52'],
  'deconflict.knock': ['D-51'],
  'deconflict.knocks': ['D-51', 'D-53'],
  'deconflict.answer-knock': ['D-51'],
  'deconflict.precheck-use': ['D-53'],
  'deconflict.wishes': ['D-54'],
  'deconflict.repository': ['D-54'],
  'deconflict.list-wishes': ['D-54'],
  'deconflict.records': ['D-54'],
  'collect.submit': ['D-1', 'D-2'],
  'collect.import': ['D-1', 'D-2'],
  'collect.get': ['D-3', 'D-9', 'D-11', 'D-20', 'D-37'],
  'collect.list': ['D-3', 'D-9', 'D-11', 'D-20', 'D-37'],
  'correlate.findings': ['D-4', 'D-9', 'D-11', 'D-20', 'D-37'],
  'validate.list-recipes': ['D-8'],
  'validate.list': ['D-3', 'D-9'],
  'validate.attestation': ['D-16'],
  'coordinate.list': ['D-3', 'D-10', 'D-11', 'D-30'],
  'coordinate.funnel': ['D-30'],
  'coordinate.get': ['D-3', 'D-4', 'D-10', 'D-11'],
  'coordinate.participants': ['D-5'],
  'coordinate.waiting': ['D-21'],
  'coordinate.standing': ['D-22'],
  'verify.propose': ['D-6'],
  'verify.list': ['D-6'],
  'verify.file': ['D-15'],
  'distribute.list-advisories': ['D-15'],
  'distribute.advisory': ['D-15'],
  'distribute.get-advisory': ['D-15'],
  'distribute.exposure': ['D-11'],
  'distribute.preview': ['D-11'],
  'distribute.delegate': ['D-23'],
  'distribute.open-help': ['D-23'],
  'record.timeline': ['D-7', 'D-25'],
  'record.disclose': ['D-7'],
  'benchmark.suites': ['D-70'],
  'benchmark.suite': ['D-70'],
  'benchmark.seal-proof': ['D-70'],
  'benchmark.allow': ['D-72'],
  'benchmark.take-in': ['D-73', 'D-74'],
  'benchmark.transcript': ['D-73'],
  'benchmark.sample': ['D-71'],
  'benchmark.review': ['D-71'],
  'engage.open': ['D-81'],
  'engage.alter-sharing': ['D-81'],
  'engage.list': ['D-80'],
  'engage.get': ['D-80'],
  'engage.dates': ['D-80'],
  'engage.liaisons': ['D-82'],
  'designate.register-rule': ['D-87'],
  'designate.open-file': ['D-87', 'D-88'],
  'designate.alter-seers': ['D-87'],
  'designate.re-examine': ['D-87', 'D-88'],
  'designate.take-in': ['D-88'],
  'designate.file': ['D-86'],
  'designate.attach-run': ['D-86'],
  'designate.determinations': ['D-85'],
  'designate.determination-proof': ['D-85'],
  'designate.assessments': ['D-85'],
  'early-access.add-person': ['D-91'],
  'early-access.access-list': ['D-92'],
  'early-access.windows': ['D-90'],
  'early-access.window': ['D-90'],
  'early-access.grant': ['D-92', 'D-93'],
  'early-access.grants': ['D-93'],
  'early-access.grant-terms': ['D-93'],
  'early-access.uses': ['D-92'],
  'early-access.exports': ['D-92'],
  'early-access.use': ['D-93'],
  'early-access.begin-use': ['D-93'],
  'partners.tiers': ['D-99'],
  'partners.fairness': ['D-99'],
  'partners.apply': ['D-96', 'D-100'],
  'partners.open': ['D-95', 'D-98', 'D-100'],
  'partners.application': ['D-95', 'D-96', 'D-98'],
  'partners.applications': ['D-96'],
  'partners.open-tier': ['D-97'],
  'partners.revise-tier': ['D-97'],
  'gateway.keys': ['D-101', 'D-102'],
  'gateway.key': ['D-101', 'D-102'],
  'gateway.usage': ['D-101'],
  'gateway.traffic': ['D-101'],
  'gateway.offers': ['D-102'],
  'gateway.issue-key': ['D-103'],
  'gateway.incidents': ['D-104'],
  'gateway.incident': ['D-104'],
  'gateway.request': ['D-106'],
  'gateway.requests': ['D-106'],
  'gateway.request-proof': ['D-106'],
  'partners.partnerships': ['D-97', 'D-98'],
  'record.erase': ['D-12'],
  'record.dead-letters': ['D-13'],
  'live.events': ['D-36'],
  'search.find': ['D-8', 'D-11', 'D-31'],
};

/** Told by how long things take, through no one door. */
export const byTime: readonly string[] = ['D-19'];

/** How much of the thing it is about an operation tells, in words. */
export function seenFirst({ needs }: Operation): string {
  return needs === undefined ? '' : `${needs.level} of the ${needs.subject}`;
}

function door(name: string, who: string, reveals: string, ...told: readonly string[]): Door {
  return { door: name, who, reveals, disclosures: told };
}
