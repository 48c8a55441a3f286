// Makes the Debian package lists of ../debian from the indexes Debian serves today. Each list is
// what an operator of such a machine would send: apt resolves the task's closure in a private root
// that never touches the host, the stanzas of the index become that root's dpkg database, and
// dpkg itself prints the list, in the form named in debian-tasks.json. Arguments name single lists.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const here = import.meta.dirname;
const out = join(here, '..', 'debian');
const work = mkdtempSync(join(tmpdir(), 'inventories-debian-'));
const { tasks } = JSON.parse(readFileSync(join(here, 'debian-tasks.json'), 'utf8'));
const wanted = new Set(process.argv.slice(2));
const mirrors = mirrorsOfThisHost();
const roots = new Map();

mkdirSync(out, { recursive: true });
for (const task of tasks.filter(({ name }) => wanted.size === 0 || wanted.has(name))) {
  const config = rootFor(task.suites);
  const database = databaseOf(resolve(config, task.install), config);
  writeFileSync(join(out, `${task.name}.txt`), print(database, task.form));
  process.stdout.write(`${task.name}\n`);
}
rmSync(work, { recursive: true });

// The mirrors come from the host's own apt, so that the script works wherever apt does.
function mirrorsOfThisHost() {
  const format = ['--format', '$(RELEASE) $(REPO_URI)'];
  const lines = run('apt-get', ['indextargets', ...format], {}).split('\n');
  const uriOf = (wanted) => {
    const found = lines.map((line) => line.split(' ')).find(([release]) => wanted.test(release));
    if (found === undefined)
      throw new Error(`no apt source matches ${wanted}: add one, update apt`);
    return found[1];
  };
  return { main: uriOf(/^[a-z]+$/), security: uriOf(/-security$/) };
}

function rootFor(suites) {
  const key = suites.join('+');
  if (!roots.has(key)) roots.set(key, makeRoot(key, suites));
  return roots.get(key);
}

function makeRoot(key, suites) {
  const root = join(work, key);
  for (const folder of [
    'etc/apt/trusted.gpg.d',
    'var/lib/apt/lists/partial',
    'var/lib/dpkg',
    'etc/apt/apt.conf.d',
    'etc/apt/preferences.d',
    'var/cache/apt/archives/partial',
  ]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  cpSync('/usr/share/keyrings', join(root, 'etc/apt/trusted.gpg.d'), {
    recursive: true,
    filter: (path) => !path.includes('.') || /debian-archive-[^/]*\.gpg$/.test(path),
  });
  writeFileSync(join(root, 'var/lib/dpkg/status'), '');
  const sources = suites.map((suite) => {
    const mirror = suite.endsWith('-security') ? mirrors.security : mirrors.main;
    return `deb ${mirror} ${suite} main\n`;
  });
  writeFileSync(join(root, 'etc/apt/sources.list'), sources.join(''));
  const config = join(work, `${key}.conf`);
  writeFileSync(
    config,
    [
      `Dir "${root}";`,
      `Dir::State::status "${root}/var/lib/dpkg/status";`,
      'APT::Architecture "amd64";',
      'APT::Install-Recommends "false";',
      'Acquire::Languages "none";',
      'APT::Sandbox::User "root";',
    ].join('\n'),
  );
  run('apt-get', ['update', '-qq'], { APT_CONFIG: config });
  return config;
}

// A machine always has the essential packages; base-files among them tells its release.
function resolve(config, install) {
  const answer = run('apt-get', ['install', '--simulate', '-qq', '?essential', 'apt', ...install], {
    APT_CONFIG: config,
  });
  const chosen = answer.split('\n').flatMap((line) => {
    const found = /^Inst (\S+) \((\S+) /.exec(line);
    return found === null ? [] : [`${found[1]}=${found[2]}`];
  });
  if (chosen.length === 0) throw new Error(`apt resolved nothing for ${install.join(' ')}`);
  return chosen;
}

function databaseOf(chosen, config) {
  const database = mkdtempSync(join(work, 'dpkg-'));
  mkdirSync(join(database, 'info'));
  mkdirSync(join(database, 'updates'));
  const stanzas = run('apt-cache', ['show', ...chosen], { APT_CONFIG: config })
    .split('\n\n')
    .filter((stanza) => stanza.trim() !== '')
    .map((stanza) => stanza.trim().replace('\n', '\nStatus: install ok installed\n'))
    // dpkg refuses a database that says where an archive came from.
    .map((stanza) => stanza.replace(/^(Filename|Size|MD5sum|SHA1|SHA256|SHA512): .*\n?/gm, ''));
  if (stanzas.length < chosen.length) throw new Error('the index lacks a stanza apt chose');
  writeFileSync(join(database, 'status'), `${[...new Set(stanzas)].join('\n\n')}\n`);
  return database;
}

function print(database, form) {
  const admin = `--admindir=${database}`;
  if (form === 'dpkg -l') return run('dpkg-query', [admin, '-l'], { COLUMNS: '200' });
  const fields = ['Package', 'Version', 'source:Package', 'source:Version'];
  const columns = `${fields.map((field) => `\${${field}}`).join('\\t')}\\n`;
  return run('dpkg-query', [admin, '-W', '-f', columns], {});
}

function run(command, args, environment) {
  return execFileSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8', ...environment },
    maxBuffer: 256 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}
