/**
 * The walls of the house (ARCHITECTURE.md). Each rule is a sentence; its comment is the reason.
 * tools/walls.test.ts plants a violation of each and sees it caught.
 */
const test = '[.]test[.]tsx?$|/test/|/testing/|conformance[.]ts$';
const server = '^apps/server/src/';
const slices = `${server}slices/(?:clearinghouse/|frontier/|hardening/|enforcement/|oversight/)?`;
// Who may see what is one pure function, and the one word of the platform that decisions speak.
const audience = 'platform/commands/audience[.]ts$';
const pureFile = `${server}(slices/.+/(model|evolve|decide)[.]ts$|${audience})`;

/** Files of platform/<capability>/ that are one technology, not the port all of them share. */
const technology =
  `${server}platform/[^/]+/` +
  '(embedded|pglite|postgres|pg-boss|memory|noop|files|disk|s3|kubernetes|smtp|cedar)[a-z-]*[.]ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no file depends on itself by a circle',
      comment:
        'A circle loads in an order nobody chose. Types are gone by then: a port and what stands on ' +
        'it may name the types of each other.',
      severity: 'error',
      from: { pathNot: 'node_modules' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'a package imports no Node module',
      comment: 'Packages run in a browser and are auditable alone: no I/O, no clock, no chance.',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: test },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'a package imports only npm packages that it declares',
      comment: 'What a package needs is read in its package.json, nowhere else.',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: test },
      to: {
        path: 'node_modules/',
        dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev', 'unknown', 'undetermined'],
      },
    },
    {
      name: 'kernel and log stand on zod, noble, canonicalize and semver alone',
      comment:
        'The log is checked by people who trust nobody: they must be able to read all of it.',
      severity: 'error',
      from: { path: '^packages/(kernel|log)/src/', pathNot: test },
      to: {
        path: 'node_modules/',
        pathNot: 'node_modules/(zod|@noble/[^/]+|canonicalize|semver)/',
      },
    },
    {
      name: 'a package knows no app',
      comment: 'Dependencies point inwards: apps use packages.',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^(apps|tools|bench|demo|test)/' },
    },
    {
      name: 'what decides imports no Node module',
      comment: 'Time, ids and chance come in as facts, so that a decision can be replayed.',
      severity: 'error',
      from: { path: pureFile },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'what decides knows no store and no platform',
      comment:
        'decide(command, state, facts) is a pure function; the edges read and write. Types are free.',
      severity: 'error',
      from: { path: pureFile },
      to: {
        path: `${server}platform/|/(store|handle|routes|jobs|facts)[.]ts$|node_modules/(kysely|pg)/`,
        pathNot: audience,
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'a slice meets another only through contract and events',
      comment:
        'Who reacts to what stands in slices/reactions.ts, so that each slice can change alone.',
      severity: 'error',
      from: { path: `${slices}([^/]+)/`, pathNot: test },
      to: { path: `${slices}[^/]+/`, pathNot: `${slices}$1/` },
    },
    {
      name: 'only main picks a technology',
      comment: 'Everything else stands on a port, so that PostgreSQL or a cluster is one setting.',
      severity: 'error',
      from: {
        path: '^apps/',
        pathNot: `${test}|^apps/[^/]+/src/(?:main|gateway)[.]ts$|${server}platform/([^/]+)/`,
      },
      to: { path: technology },
    },
    {
      name: 'a capability of the platform does not reach into the technology of another',
      comment: 'Two capabilities meet through their ports.',
      severity: 'error',
      from: { path: `${server}platform/([^/]+)/`, pathNot: test },
      to: { path: technology, pathNot: `${server}platform/$1/` },
    },
    {
      name: 'only a store, the platform and the migrations hold SQL',
      comment: 'One file of a slice knows its tables; every other reads and writes through it.',
      severity: 'error',
      from: {
        path: '^apps/server/',
        pathNot: `${test}|/store[.]ts$|${server}platform/|^apps/server/migrations/|main[.]ts$`,
      },
      to: { path: 'node_modules/(kysely|pg|pg-boss|@electric-sql/[^/]+)/' },
    },
    {
      name: 'web and cli never import the server',
      comment: 'They speak the contract, as anybody else can.',
      severity: 'error',
      from: { path: '^apps/(web|cli)/src/', pathNot: test },
      to: { path: '^apps/server/' },
    },
    {
      name: 'the runner knows its task and nothing else',
      comment: 'It stands beside hostile code: no server, no database, no keys to lose.',
      severity: 'error',
      from: { path: '^apps/runner/src/', pathNot: test },
      to: {
        path: '^apps/(server|cli|web)/|node_modules/(kysely|pg|pg-boss|@electric-sql/[^/]+)/',
      },
    },
    {
      name: 'the evaluator knows its suite and its model, and nothing else',
      comment: 'It holds the key of a model and speaks to it: no server, no database, no screens.',
      severity: 'error',
      from: { path: '^apps/evaluator/src/', pathNot: test },
      to: {
        path: '^apps/(server|cli|web)/|node_modules/(kysely|pg|pg-boss|@electric-sql/[^/]+)/',
      },
    },
    {
      name: 'the web imports no Node module',
      comment: 'It runs in a browser; its build files beside src may use Node.',
      severity: 'error',
      from: { path: '^apps/web/src/(app|slices|ui)/', pathNot: test },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'ui knows no domain',
      comment: 'A button that knows a case can be used nowhere else: app <- slices <- ui.',
      severity: 'error',
      from: { path: '^apps/web/src/ui/', pathNot: test },
      to: { path: '^apps/web/src/(app|slices)/|^packages/contract/' },
    },
    {
      name: 'of the app a slice of the web knows the addresses alone',
      comment: 'ui <- slices <- app: what puts the pages together is known to none of them.',
      severity: 'error',
      from: { path: '^apps/web/src/slices/', pathNot: test },
      to: { path: '^apps/web/src/app/', pathNot: '^apps/web/src/app/paths[.]ts$' },
    },
    {
      name: 'every import leads somewhere',
      comment: 'An import that cannot be resolved would pass every other wall.',
      severity: 'error',
      from: { pathNot: 'node_modules' },
      to: { couldNotResolve: true, pathNot: '^virtual:' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/(vectors|fixtures|dist)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
  },
};
