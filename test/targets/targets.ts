import type { BadPatch, Fix, Target } from './target.ts';

const wrong = (name: string): BadPatch => ({
  path: `targets/patches/${name}-wrong.patch`,
  refusedFor: ['proof-still-fires'],
});
/** It stops the proof, and what the package is for. */
const breaks = (name: string): BadPatch => ({
  path: `targets/patches/${name}-breaks.patch`,
  refusedFor: ['tests-fail'],
});
const demoWrong = (name: string): BadPatch => ({
  path: `demo/patches/${name}-wrong.patch`,
  refusedFor: ['proof-still-fires'],
});
const inDebian = (...paths: string[]): Fix => ({
  kind: 'in-archive',
  source: 'debian',
  paths: paths.map((path) => `debian/patches/${path}`),
});
const between = (...paths: string[]): Fix => ({ kind: 'between-releases', paths });
const file = (path: string): Fix => ({ kind: 'file', path });

type Told = Pick<Target, 'identifier' | 'fix'> & Partial<Target>;

/** A target whose recipe and proof bear its name. */
function target(name: string, ending: string, told: Told): Target {
  return {
    name,
    recipe: `targets/recipes/${name}`,
    proof: `targets/proofs/${name}.${ending}`,
    signature: null,
    fixComesTo: 'verified',
    badPatches: [],
    ...told,
  };
}

/** A target of the demonstration, whose recipe and proof lie there. */
function demo(name: string, proof: string, told: Told): Target {
  const there = { recipe: `demo/recipes/${name}`, proof: `demo/proofs/${proof}` };
  return target(name, '', { ...there, ...told });
}

/** One of the defects of the SQLite inside npm's sqlite3, which share a recipe. */
function sqlite(name: string, told: Pick<Target, 'identifier' | 'signature'> & Partial<Target>) {
  const fix = file(`targets/patches/sqlite-${name}.patch`);
  return target(`sqlite-${name}`, 'sql', { recipe: 'targets/recipes/sqlite-shell', fix, ...told });
}

const inC: readonly Target[] = [
  demo('cjson-parse', 'cjson-cve-2023-53154.input', {
    identifier: 'CVE-2023-53154',
    signature: 'Heap-buffer-overflow READ 1 in parse_string, parse_object, parse_value',
    fix: inDebian('0002-Fix-heap-buffer-overflow.patch'),
    badPatches: [demoWrong('cjson-cve-2023-53154')],
  }),
  demo('cjson-setvaluestring', 'cjson-cve-2023-50472.input', {
    identifier: 'CVE-2023-50472',
    signature: 'Null-dereference READ in cJSON_SetValuestring',
    fix: inDebian(
      '0001-add-null-checkings.patch',
      '0002-add-null-check-to-cjson-setvaluestring.patch',
    ),
    badPatches: [demoWrong('cjson-cve-2023-50472')],
  }),
  demo('libcue', 'libcue-cve-2023-43641.cue', {
    identifier: 'CVE-2023-43641',
    signature: 'UNKNOWN WRITE in track_set_index, yyparse, cue_parse_file',
    fix: inDebian('CVE-2023-43641.patch'),
    badPatches: [wrong('libcue'), breaks('libcue')],
  }),
  target('jq-nan', 'input', {
    identifier: 'CVE-2024-53427',
    signature: 'Stack-buffer-overflow WRITE 2 in decNumberCopy, decNaNs, decCompareOp',
    fix: inDebian('CVE-2024-53427.patch'),
    badPatches: [wrong('jq-nan'), breaks('jq-nan')],
  }),
  target('jq-implode', 'input', {
    identifier: 'CVE-2025-48060',
    signature: 'Heap-buffer-overflow READ 2 in jv_string_vfmt, jv_string_fmt, jv_get',
    fix: inDebian('CVE-2025-48060.patch'),
    badPatches: [wrong('jq-implode')],
  }),
  sqlite('printf', {
    identifier: 'CVE-2020-13434',
    signature:
      'Stack-buffer-overflow WRITE 1 in sqlite3_str_vappendf, sqlite3_str_appendf, printfFunc',
    badPatches: [wrong('sqlite-printf')],
  }),
  sqlite('window', {
    identifier: 'CVE-2020-13435',
    signature:
      'Null-dereference READ in sqlite3ExprCodeTarget, sqlite3ExprCodeExprList, innerLoopLoadRow',
    badPatches: [wrong('sqlite-window')],
  }),
  sqlite('order-by', {
    identifier: 'CVE-2020-15358',
    signature:
      'Heap-buffer-overflow READ 8 in multiSelectCollSeq, multiSelectCollSeq, multiSelectOrderByKeyInfo',
    badPatches: [wrong('sqlite-order-by')],
  }),
  sqlite('default', {
    identifier: 'none established',
    signature: 'UNKNOWN READ in exprNodeIsConstant, walkExpr, walkExpr',
  }),
];

const inNode: readonly Target[] = [
  demo('flat-unflatten', 'flat-cve-2020-36632.cjs', {
    identifier: 'CVE-2020-36632',
    fix: file('demo/patches/flat-cve-2020-36632.patch'),
    badPatches: [demoWrong('flat-cve-2020-36632')],
  }),
  demo('ini-decode', 'ini-cve-2020-7788.cjs', {
    identifier: 'CVE-2020-7788',
    fix: file('demo/patches/ini-cve-2020-7788.patch'),
    badPatches: [demoWrong('ini-cve-2020-7788')],
  }),
  target('decode-uri-component', 'cjs', {
    identifier: 'CVE-2022-38900',
    fix: between('index.js'),
    fixComesTo: 'no-owner-tests',
  }),
  target('decompress', 'cjs', {
    identifier: 'CVE-2020-12265',
    fix: between('index.js'),
    fixComesTo: 'no-owner-tests',
  }),
  target('ip-ispublic', 'cjs', { identifier: 'CVE-2023-42282', fix: between('lib/ip.js') }),
  target('jszip-slip', 'cjs', {
    identifier: 'CVE-2022-48285',
    fix: between('lib/load.js', 'lib/utils.js'),
  }),
  target('loader-utils', 'cjs', {
    identifier: 'CVE-2022-37601',
    fix: between('lib/parseQuery.js'),
  }),
  target('lodash-defaultsdeep', 'cjs', {
    identifier: 'CVE-2019-10744',
    fix: between('lodash.js'),
  }),
  target('lodash-trim', 'cjs', { identifier: 'CVE-2020-28500', fix: between('lodash.js') }),
  target('marked-blockdef', 'cjs', {
    identifier: 'CVE-2022-21680',
    fix: between('src/rules.js', 'lib/marked.cjs'),
  }),
  target('moment-rfc2822', 'cjs', {
    identifier: 'CVE-2022-31129',
    fix: between('moment.js'),
  }),
  target('node-forge-setpath', 'cjs', {
    identifier: 'CVE-2020-7720',
    fix: between('lib/util.js'),
    fixComesTo: 'no-owner-tests',
  }),
  target('path-parse', 'cjs', { identifier: 'CVE-2021-23343', fix: between('index.js') }),
  target('protobufjs-setproperty', 'cjs', {
    identifier: 'CVE-2023-36665',
    fix: between('src/util.js', 'src/parse.js'),
  }),
  target('semver-range', 'cjs', {
    identifier: 'CVE-2022-25883',
    fix: between(
      'internal/re.js',
      'classes/range.js',
      'classes/comparator.js',
      'classes/semver.js',
      'functions/coerce.js',
    ),
  }),
  target('set-value-array', 'cjs', { identifier: 'CVE-2021-23440', fix: between('index.js') }),
  target('shell-quote', 'cjs', { identifier: 'CVE-2021-42740', fix: between('index.js') }),
  target('tough-cookie-jar', 'cjs', {
    identifier: 'CVE-2023-26136',
    fix: between('lib/memstore.js'),
  }),
  target('trim-newlines', 'cjs', {
    identifier: 'CVE-2021-33623',
    fix: between('index.js'),
    badPatches: [wrong('trim-newlines'), breaks('trim-newlines')],
  }),
  target('url-parse-control', 'cjs', { identifier: 'CVE-2022-0691', fix: between('index.js') }),
  target('y18n-locale', 'cjs', { identifier: 'CVE-2020-7774', fix: between('index.js') }),
];

const inOthers: readonly Target[] = [
  target('python-configobj', 'py', {
    identifier: 'CVE-2023-26112',
    fix: between('configobj/validate.py'),
  }),
  target('go-yaml', 'input', {
    identifier: 'CVE-2022-28948',
    fix: file('targets/patches/go-yaml.patch'),
  }),
];

/** Every target of the suite: nine defects in C, 21 in Node, one each in Python and Go. */
export const targets: readonly Target[] = [...inC, ...inNode, ...inOthers];
