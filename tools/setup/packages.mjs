// @ts-check
/**
 * What each command needs from the operating system, as data: Debian's package, how its presence is
 * seen without starting a program, and what is lost without it.
 */
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * @typedef {object} SystemPackage
 * @property {string} name Debian's name; `libclang-rt` is resolved to the default clang's version
 * @property {() => boolean} present
 * @property {string} without what does not work when it is missing, as the end of a sentence
 */

/** @type {Record<string, SystemPackage>} */
const known = {
  bubblewrap: program('bubblewrap', 'bwrap', 'running proofs'),
  gcc: program('gcc', 'gcc', 'building C targets'),
  libc: {
    name: 'libc6-dev',
    present: () => existsSync('/usr/include/stdio.h'),
    without: 'building C targets',
  },
  clang: program('clang', 'clang', 'sanitizer builds'),
  clangRuntime: {
    name: 'libclang-rt',
    present: hasFuzzerRuntime,
    without: 'the fuzzing campaign',
  },
  symbolizer: program('llvm', 'llvm-symbolizer', 'readable stack traces'),
  chromium: program('chromium', 'chromium', 'the browser tests'),
  // Chromium only recommends a font, and a page without one is a page of boxes.
  fonts: {
    name: 'fonts-liberation',
    present: () => existsSync('/usr/share/fonts/truetype'),
    without: 'the browser tests',
  },
  postgresql: {
    name: 'postgresql',
    present: () => postgresVersion() >= 15,
    without: 'the second run of the suite, on PostgreSQL',
  },
  xz: program('xz-utils', 'xz', 'unpacking Debian sources'),
  make: program('make', 'make', 'building C targets'),
  patch: program('patch', 'patch', 'applying patches'),
  unzip: program('unzip', 'unzip', 'unpacking wheels and Go modules'),
  // a sandbox sees /usr only, so what lies elsewhere on the PATH does not count
  go: {
    name: 'golang-go',
    present: () => existsSync('/usr/bin/go'),
    without: 'building what is written in Go',
  },
  python: {
    name: 'python3',
    present: () => existsSync('/usr/bin/python3'),
    without: 'running Python targets',
  },
  pip: {
    name: 'python3-pip',
    present: () => existsSync('/usr/lib/python3/dist-packages/pip'),
    without: 'fetching Python targets',
  },
};

const forDemo = ['bubblewrap', 'gcc', 'libc', 'clang', 'clangRuntime', 'symbolizer'];
const forBuilds = ['xz', 'make', 'patch'];

/** Which packages each command of the repository looks for. @type {Record<string, string[]>} */
const byCommand = {
  start: ['bubblewrap'],
  demo: [...forDemo, ...forBuilds],
  test: [...forDemo, ...forBuilds, 'chromium', 'fonts', 'postgresql'],
  'test:hostile': forDemo,
  'test:targets': [...forDemo, ...forBuilds, 'unzip', 'go', 'python', 'pip'],
  'test:sim': [...forDemo, ...forBuilds, 'postgresql'],
  'test:interop': [...forDemo, 'chromium', 'fonts', 'postgresql'],
  bench: [...forDemo, 'postgresql', 'go'],
};

/** The packages that `command` would use and this machine lacks. @param {string} command */
export function missingPackages(command) {
  const wanted = byCommand[command] ?? [];
  return wanted.flatMap((key) => known[key] ?? []).filter((one) => !one.present());
}

/** @returns {SystemPackage} @param {string} name @param {string} binary @param {string} without */
function program(name, binary, without) {
  return { name, present: () => onPath(binary), without };
}

/** @param {string} binary */
function onPath(binary) {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return folders.some((folder) => existsSync(join(folder, binary)));
}

// libFuzzer's runtime must belong to the clang that `clang` starts: Debian keeps one folder for
// each major version, so follow the link instead of asking a program on each start.
function hasFuzzerRuntime() {
  try {
    const llvm = join(realpathSync('/usr/bin/clang'), '../..');
    const versions = join(llvm, 'lib/clang');
    return readdirSync(versions).some((version) => {
      const folder = join(versions, version, 'lib/linux');
      return (
        existsSync(folder) &&
        readdirSync(folder).some((name) => name.startsWith('libclang_rt.fuzzer-'))
      );
    });
  } catch {
    return false;
  }
}

function postgresVersion() {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return 0;
  const versions = readdirSync(root).filter((name) => existsSync(join(root, name, 'bin/initdb')));
  return Math.max(0, ...versions.map(Number).filter(Number.isFinite));
}
