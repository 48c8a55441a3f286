// @ts-check
/** The Debian part of the set-up: what a command needs from the system, installed where allowed. */
import { existsSync } from 'node:fs';
import { run } from './install.mjs';
import { exclusively } from './lock.mjs';
import { missingPackages } from './packages.mjs';
import { say, withProgress } from './progress.mjs';

/**
 * Installs what `command` lacks, or says in one sentence how to; never fails, because each command
 * works without or says itself what it cannot do.
 * @param {string} command @param {string} root
 */
export async function ensureSystem(command, root) {
  if (missingPackages(command).length === 0) return;
  if (!existsSync('/usr/bin/apt-get')) {
    await advise(command, "with your system's package manager, Debian's packages");
    return;
  }
  const sudo = await privilege(root);
  if (sudo !== undefined) await exclusively('apt-get', () => aptInstall(command, root, sudo));
  if (missingPackages(command).length > 0)
    await advise(command, 'with: sudo apt-get install', root);
}

/** How to become root: no words when we are, `sudo` without a password, or not at all.
 * @param {string} root @returns {Promise<string[] | undefined>} */
async function privilege(root) {
  if (process.getuid?.() === 0) return [];
  const { code } = await run('sudo', ['-n', 'true'], root);
  return code === 0 ? ['sudo', '-n'] : undefined;
}

/** @param {string} command @param {string} root @param {string[]} sudo */
async function aptInstall(command, root, sudo) {
  if (missingPackages(command).length === 0) return;
  const apt = async (/** @type {string[]} */ ...args) => {
    const line = [...sudo, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq', ...args];
    const [file = 'apt-get', ...rest] = line;
    const { code, output } = await run(file, rest, root);
    if (code !== 0) throw new Error(output.trim().split('\n').at(-1) ?? `exit code ${code}`);
  };
  try {
    await withProgress("reading Debian's package lists", () => apt('update'));
    const names = await debianNames(command, root);
    await withProgress(`installing ${names.join(', ')} from Debian`, () =>
      apt('-o', 'DPkg::Lock::Timeout=120', '--no-install-recommends', '-y', 'install', ...names),
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    say(`Debian's packages could not be installed (${reason.slice(0, 200)})`);
  }
}

/** @param {string} command @param {string} root */
async function debianNames(command, root) {
  const names = [];
  for (const { name } of missingPackages(command)) {
    names.push(name === 'libclang-rt' ? await clangRuntime(root) : name);
  }
  return [...new Set(names)];
}

// The runtime's package carries clang's major version in its name; the metapackage `clang` knows it.
/** @param {string} root */
async function clangRuntime(root) {
  const { output } = await run('apt-cache', ['depends', 'clang'], root);
  const version = /Depends: clang-(\d+)/.exec(output)?.[1] ?? '14';
  return `libclang-rt-${version}-dev`;
}

/** @param {string} command @param {string} how @param {string} [root] */
async function advise(command, how, root = '/') {
  const names = await debianNames(command, root);
  const lost = [...new Set(missingPackages(command).map(({ without }) => without))];
  const rest = lost.length > 1 ? `${lost.slice(0, -1).join(', ')} and ${lost.at(-1)}` : lost[0];
  say(`everything works but ${rest}; to have that too, install ${how} ${names.join(' ')}`);
}
