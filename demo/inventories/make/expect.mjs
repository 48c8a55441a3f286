// Makes ../expected.json: what an honest second opinion says about each inventory. It shares no
// code with the product on purpose: JSON.parse and split read, npm's semver and dpkg itself compare.
// dpkg must be on the machine.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const home = join(import.meta.dirname, '..');
// The one version of npm's semver that the lock file pins, wherever the workspaces put it.
const semver = createRequire(join(home, '../../packages/versions/package.json'))('semver');
const { advisories } = JSON.parse(readFileSync(join(home, 'advisories.json'), 'utf8'));
const readers = { npm: readLock, debian: readList, cyclonedx: readSbom };

const inventories = Object.entries(readers).flatMap(([folder, read]) =>
  readdirSync(join(home, folder))
    .sort()
    .map((file) => {
      const bytes = readFileSync(join(home, folder, file));
      const components = read(bytes.toString('utf8'));
      const release = releaseOf(components);
      return {
        file: `${folder}/${file}`,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        kind: { npm: 'package-lock', debian: 'dpkg', cyclonedx: 'cyclonedx' }[folder],
        ...(folder === 'debian' ? { form: formOf(bytes), release } : {}),
        components: components.length,
        verdicts: Object.fromEntries(
          advisories.map((advisory) => [advisory.id, judge(advisory, components, release)]),
        ),
      };
    }),
);

const document = { advisories: advisories.map(({ id }) => id), counts: count(), inventories };
writeFileSync(join(home, 'expected.json'), `${JSON.stringify(document, null, 2)}\n`);
process.stdout.write(`${JSON.stringify(document.counts, null, 2)}\n`);

function judge(advisory, components, release) {
  const own = components.filter((one) => one.type === advisory.kind && isPackage(advisory, one));
  const hit = own.filter((one) => isVulnerable(advisory, one.version, release));
  if (hit.length > 0) return { affected: true, components: hit.map(label) };
  if (own.length > 0) {
    return { affected: false, nearMiss: nearness(advisory, own), components: own.map(label) };
  }
  const elsewhere = components.filter((one) =>
    (advisory.sameNameElsewhere[one.type] ?? []).includes(one.name),
  );
  if (elsewhere.length === 0) return { affected: false };
  return {
    affected: false,
    nearMiss: 'same-name-elsewhere',
    components: elsewhere.map(label),
  };
}

function isPackage(advisory, one) {
  if (advisory.kind === 'npm') return one.name === advisory.package;
  return advisory.binaries.includes(one.name);
}

function isVulnerable(advisory, version, release) {
  if (advisory.kind === 'npm') {
    return semver.lt(version, advisory.affected[0].events[1].fixed);
  }
  const entry = advisory.affected.find(({ ecosystem }) => ecosystem === `Debian:${release}`);
  if (entry === undefined) throw new Error(`no published fact for Debian ${release}`);
  return dpkgSays(version, 'lt', entry.events[1].fixed);
}

// A backport is a revision that is fixed although its upstream version is one of the broken ones.
function nearness(advisory, own) {
  if (advisory.kind === 'npm') return 'neighboring-version';
  const backported = own.some(({ version }) => dpkgSays(version, 'lt', advisory.upstreamFixed));
  return backported ? 'backported-fix' : 'neighboring-version';
}

function dpkgSays(left, operator, right) {
  const { status } = spawnSync('dpkg', ['--compare-versions', left, operator, right]);
  if (status !== 0 && status !== 1) throw new Error(`dpkg failed on ${left} ${operator} ${right}`);
  return status === 0;
}

function readLock(text) {
  const lock = JSON.parse(text);
  if (lock.packages === undefined) return readOldLock(lock.dependencies);
  return Object.entries(lock.packages)
    .filter(([path, one]) => path !== '' && !one.link)
    .map(([path, one]) => ({
      type: 'npm',
      name: one.name ?? path.split('node_modules/').at(-1),
      version: one.version,
    }));
}

function readOldLock(dependencies = {}) {
  return Object.entries(dependencies).flatMap(([name, one]) => [
    { type: 'npm', name, version: one.version },
    ...readOldLock(one.dependencies),
  ]);
}

function readSbom(text) {
  return JSON.parse(text).components.map(({ purl }) => {
    const [, type, path, version] = /^pkg:([^/]+)\/(.+)@([^?#]+)/.exec(purl);
    return { type, name: decodeURIComponent(path), version: decodeURIComponent(version) };
  });
}

function readList(text) {
  return text.split('\n').flatMap((line) => {
    const [, name, version] = line.includes('\t')
      ? ['', ...line.split('\t')]
      : (/^ii\s+(\S+)\s+(\S+)/.exec(line) ?? []);
    return name === undefined ? [] : [{ type: 'debian', name: name.split(':')[0], version }];
  });
}

// Debian numbers base-files after the release, and every Debian machine has it.
function releaseOf(components) {
  return components.find(({ name }) => name === 'base-files')?.version.split('.')[0];
}

function formOf(bytes) {
  return bytes.includes('\t') ? 'dpkg-query -W with source columns' : 'dpkg -l';
}

function label({ name, version }) {
  return `${name} ${version}`;
}

function count() {
  const tally = { inventories: inventories.length };
  for (const { id } of advisories) {
    const verdicts = inventories.map(({ verdicts: all }) => all[id]);
    tally[id] = {
      affected: verdicts.filter(({ affected }) => affected).length,
      ...Object.fromEntries(
        ['neighboring-version', 'backported-fix', 'same-name-elsewhere'].map((kind) => [
          kind,
          verdicts.filter(({ nearMiss }) => nearMiss === kind).length,
        ]),
      ),
    };
  }
  tally.affectedByAny = inventories.filter(({ verdicts }) =>
    Object.values(verdicts).some(({ affected }) => affected),
  ).length;
  return tally;
}
