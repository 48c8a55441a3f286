/**
 * Every address of the web client, once. A slice links with these and never writes an address by
 * hand; `patterns` is what the router and the server match.
 */
export const patterns = {
  home: '/',
  signIn: '/sign-in',
  cases: '/cases',
  case: '/cases/$case',
  publish: '/cases/$case/publish',
  findings: '/findings',
  submit: '/submit',
  inbox: '/inbox',
  pace: '/pace',
  claims: '/claims',
  claim: '/claims/new',
  coverage: '/coverage',
  conflicts: '/conflicts',
  targets: '/targets',
  target: '/targets/$control',
  precheck: '/precheck',
  notices: '/notices',
  notice: '/notices/$notice',
  help: '/help',
  inventories: '/inventories',
  people: '/people',
  party: '/people/$party',
  recipes: '/recipes',
  benchmark: '/benchmark',
  suites: '/suites',
  sealSuite: '/suites/new',
  suite: '/suites/$suite',
  compare: '/suites/$suite/compare',
  item: '/items/$item',
  runs: '/runs',
  beginRun: '/runs/new',
  run: '/runs/$run',
  review: '/runs/$run/review',
  sample: '/samples/$sample',
  engagements: '/engagements',
  openEngagement: '/engagements/new',
  engagement: '/engagements/$engagement',
  terms: '/engagements/$engagement/terms/$terms',
  window: '/windows/$window',
  access: '/access',
  grant: '/access/$grant',
  files: '/files',
  file: '/files/$file',
  rules: '/rules',
  beforeYouJoin: '/before-you-join',
  partners: '/partners',
  apply: '/partners/apply',
  answer: '/partners/application',
  applications: '/applications',
  application: '/applications/$application',
  gatewayKeys: '/keys',
  gatewayKey: '/keys/$gkey',
  gatewayRequest: '/requests/$request',
  gateway: '/gateway',
  record: '/record',
  entry: '/record/$entry',
  advisories: '/advisories',
  advisory: '/advisories/$advisory',
  account: '/account',
  mail: '/account/mail',
  leave: '/account/leave',
  gallery: '/gallery',
} as const;

type Pattern = (typeof patterns)[keyof typeof patterns];

/** The words in a pattern that stand for something: `case` of `/cases/$case`. */
type Slots<P extends string> = P extends `${string}$${infer Name}/${infer Rest}`
  ? Name | Slots<Rest>
  : P extends `${string}$${infer Name}`
    ? Name
    : never;

/** What stands behind the question mark; what is undefined or empty is left out. */
export type Search = Readonly<Record<string, string | undefined>>;

/** The address of a page that needs nothing: `pathOf('cases', { stage: 'received' })`. */
export function pathOf<N extends keyof typeof patterns>(
  name: Slots<(typeof patterns)[N]> extends never ? N : never,
  search: Search = {},
): string {
  return patterns[name] + queryOf(search);
}

/** The address of one thing's page: `pathTo('case', { case: id })`. */
export function pathTo<N extends keyof typeof patterns>(
  name: N,
  slots: Readonly<Record<Slots<(typeof patterns)[N]>, string>>,
  search: Search = {},
): string {
  const given: Readonly<Record<string, string>> = slots;
  const pattern: Pattern = patterns[name];
  const path = pattern.replace(/\$(\w+)/g, (_, slot: string) =>
    encodeURIComponent(given[slot] ?? ''),
  );
  return path + queryOf(search);
}

/** `?a=b`, in the order given; nothing where nothing is said. */
export function queryOf(search: Search): string {
  const said = Object.entries(search).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, value]],
  );
  return said.length === 0 ? '' : `?${new URLSearchParams(said)}`;
}

const pages = Object.values(patterns).map(
  (pattern) => new RegExp(`^${pattern.replaceAll(/\$\w+/g, '[^/]+')}$`),
);

/** Whether `path` is an address of these pages, and not of the API, the log or the docs. */
export function isPage(path: string): boolean {
  return pages.some((page) => page.test(path));
}
