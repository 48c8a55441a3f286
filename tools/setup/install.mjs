// @ts-check
/** The npm part of the set-up: node_modules matches the lock file, or is made to. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exclusively } from './lock.mjs';
import { PlainFailure, withProgress } from './progress.mjs';

const STAMP = 'node_modules/.breakwater-stamp';

/** The pinned Node's program in this checkout. @param {string} root */
export function pinnedNode(root) {
  return join(root, 'node_modules', nodePackage(), 'bin/node');
}

/** Makes node_modules match package-lock.json; costs one file hash when it does already.
 * @param {string} root */
export async function ensureInstalled(root) {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) {
    throw new PlainFailure(
      `Breakwater runs on Linux on x64 or arm64; this is ${process.platform} on ${process.arch}`,
    );
  }
  const lockFile = readFileSync(join(root, 'package-lock.json'));
  const digest = createHash('sha256').update(lockFile).digest('hex');
  if (isCurrent(root, digest)) return;
  await exclusively(root, async () => {
    // Whoever held the lock before us may have done the work.
    if (isCurrent(root, digest)) return;
    const lock = JSON.parse(lockFile.toString('utf8'));
    if (!matchesLock(root, lock)) await install(root, packageCount(lock));
    if (!matchesLock(root, lock)) {
      throw new PlainFailure(
        `npm ended without ${nodePackage()} or another package of package-lock.json; ` +
          'delete node_modules and try again',
      );
    }
    stamp(root, digest);
  });
}

function nodePackage() {
  return `node-linux-${process.arch}`;
}

/** @param {string} root @param {string} digest */
function isCurrent(root, digest) {
  try {
    return readFileSync(join(root, STAMP), 'utf8') === digest && existsSync(pinnedNode(root));
  } catch {
    return false;
  }
}

/** @param {string} root @param {string} digest */
function stamp(root, digest) {
  try {
    writeFileSync(join(root, STAMP), digest);
  } catch {
    // A checkout installed by someone else may be read-only for us: compare again next time.
  }
}

/**
 * npm writes what it installed to a hidden lock file as its last step, so a folder that an
 * interrupted npm left behind has none, and one made by `npm install` needs no second install.
 * @param {string} root @param {any} lock
 */
function matchesLock(root, lock) {
  let installed;
  try {
    installed = JSON.parse(readFileSync(join(root, 'node_modules/.package-lock.json'), 'utf8'));
  } catch {
    return false;
  }
  return (
    existsSync(pinnedNode(root)) &&
    Object.entries(lock.packages).every(([path, wanted]) => {
      if (!path.includes('node_modules/') || wanted.link === true) return true;
      const found = installed.packages[path];
      if (found === undefined) return wanted.optional === true;
      return found.version === wanted.version && found.integrity === wanted.integrity;
    })
  );
}

// What has no digest is of another system, or ours.
/** @param {any} lock */
function packageCount(lock) {
  return Object.values(lock.packages).filter((one) => one.integrity !== undefined).length;
}

/** @param {string} root @param {number} count */
async function install(root, count) {
  const { file, first } = npm();
  // Not `npm ci`: it empties node_modules first, under the feet of whatever runs from this checkout.
  // The versions and digests of the lock file bind `npm install` too, and we compare afterwards.
  const quiet = ['--ignore-scripts', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  // npm's own patience of over a minute would look like a hang where there is no network.
  const patience = ['--fetch-retries=2', '--fetch-retry-mintimeout=1000'];
  const args = [...first, 'install', ...quiet, ...patience];
  await withProgress(`installing ${count} packages from the lock file`, async () => {
    const { code, output } = await run(
      file,
      [...args, '--include=optional', '--include=dev'],
      root,
    );
    if (code !== 0) {
      const reason =
        output
          .split('\n')
          .find((line) => /^npm error (?!code|syscall|errno|path|dest)/.test(line)) ?? output;
      throw new PlainFailure(
        'npm could not install the packages of package-lock.json; check the network and that this ' +
          `folder may be written, then try again (npm said: ${clean(reason)})`,
      );
    }
  });
}

// Inside `npm start` npm names its own script, which saves guessing which npm is on the PATH.
function npm() {
  const script = process.env['npm_execpath'];
  return script?.endsWith('.js') && existsSync(script)
    ? { file: process.execPath, first: [script] }
    : { file: 'npm', first: [] };
}

/** @param {string} text */
function clean(text) {
  const words = text.replace(/^npm error\s*/gm, '').replace(/\s+/g, ' ');
  return words.trim().slice(0, 240) || 'nothing';
}

/** @param {string} file @param {string[]} args @param {string} cwd
 * @returns {Promise<{ code: number, output: string }>} */
export function run(file, args, cwd, env = process.env) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (/** @type {Buffer} */ chunk) => {
      output = (output + chunk.toString('utf8')).slice(-20_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => resolve({ code: 127, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
