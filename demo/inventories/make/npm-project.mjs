// One-dependency projects, resolved by npm itself: nothing is installed and no script runs.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const work = mkdtempSync(join(tmpdir(), 'inventories-npm-'));
const settings = join(work, 'npmrc');
writeFileSync(settings, '');
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

// `resolved` is left out so that a file does not tell which mirror its maker used.
const always = [
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--no-update-notifier',
  '--legacy-peer-deps',
  '--omit-lockfile-registry-resolved',
  `--userconfig=${settings}`,
];

export async function resolveProject(spec, lockfileVersion) {
  const at = spec.lastIndexOf('@');
  const dependency = spec.slice(0, at);
  const name = `uses-${dependency.replace(/^@/, '').replace('/', '-')}`;
  // `npm sbom` takes the project's name from its folder.
  const folder = join(mkdtempSync(join(work, 'project-')), name);
  mkdirSync(folder);
  const manifest = {
    name,
    version: '1.0.0',
    private: true,
    dependencies: { [dependency]: spec.slice(at + 1) },
  };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await npm(folder, ['install', '--package-lock-only', `--lockfile-version=${lockfileVersion}`]);
  return { name, folder };
}

export async function npm(folder, args) {
  const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024, timeout: 300_000 };
  return (await run('npm', [...args, ...always], options)).stdout;
}

// Two at a time: the registry is a guest house, not a quarry.
export async function twoAtATime(items, visit) {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await visit(item);
  };
  await Promise.all([worker(), worker()]);
}
