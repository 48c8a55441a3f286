// Makes the CycloneDX documents of ../cyclonedx: npm's own (`npm sbom`), cargo-cyclonedx's for two
// crates and cyclonedx-py's for one PyPI package, whose names also exist in the advisories'
// ecosystems. Arguments name single outputs; the generators must be on the path.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { npm, resolveProject, twoAtATime } from './npm-project.mjs';

const out = join(import.meta.dirname, '..', 'cyclonedx');
const table = JSON.parse(readFileSync(join(import.meta.dirname, 'npm-projects.json'), 'utf8'));
const wanted = new Set(process.argv.slice(2));
const chosen = (name) => wanted.size === 0 || wanted.has(name);

mkdirSync(out, { recursive: true });
await twoAtATime(table.sboms.filter(chosen), async (spec) => {
  const { name, folder } = await resolveProject(spec, 3);
  const args = [
    'sbom',
    '--sbom-format=cyclonedx',
    '--sbom-type=application',
    '--package-lock-only',
  ];
  keep(name, await npm(folder, args));
});
for (const crate of table.crates.filter(({ name }) => chosen(name))) {
  keep(crate.name, sbomOfCrate(crate));
}
for (const project of table.python.filter(({ name }) => chosen(name))) {
  keep(project.name, sbomOfRequirements(project));
}

function keep(name, text) {
  writeFileSync(join(out, `${name}.cdx.json`), text);
  process.stdout.write(`${name}\n`);
}

// cargo-cyclonedx writes the project's folder into its references: a neutral one is used.
function sbomOfCrate({ name, dependencies }) {
  const folder = join('/srv', name);
  mkdirSync(join(folder, 'src'), { recursive: true });
  try {
    writeFileSync(join(folder, 'src', 'main.rs'), 'fn main() {}\n');
    const lines = Object.entries(dependencies).map(([crate, range]) => `${crate} = "${range}"`);
    writeFileSync(
      join(folder, 'Cargo.toml'),
      [
        '[package]',
        `name = "${name}"`,
        'version = "1.0.0"',
        'edition = "2021"',
        '',
        '[dependencies]',
        ...lines,
        '',
      ].join('\n'),
    );
    const args = ['cyclonedx', '--format', 'json', '--spec-version', '1.5'];
    execFileSync('cargo', args, { cwd: folder, stdio: 'inherit' });
    return readFileSync(join(folder, `${name}.cdx.json`));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// From the requirements, because the old package's set-up no longer runs on a current Python.
function sbomOfRequirements({ requirements }) {
  const folder = mkdtempSync(join(tmpdir(), 'inventories-python-'));
  const file = join(folder, 'requirements.txt');
  writeFileSync(file, `${requirements.join('\n')}\n`);
  const args = ['requirements', '--of', 'JSON', '--sv', '1.5', file];
  const document = execFileSync('cyclonedx-py', args, { maxBuffer: 16 * 1024 * 1024 });
  rmSync(folder, { recursive: true });
  return document;
}
