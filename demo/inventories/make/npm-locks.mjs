// Makes the package-lock.json files of ../npm from npm-projects.json, or those named as arguments.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolveProject, twoAtATime } from './npm-project.mjs';

const out = join(import.meta.dirname, '..', 'npm');
const table = JSON.parse(readFileSync(join(import.meta.dirname, 'npm-projects.json'), 'utf8'));
const wanted = new Set(process.argv.slice(2));
const specs = Object.entries(table.locks).flatMap(([lockfileVersion, list]) =>
  list.map((spec) => ({ lockfileVersion, spec })),
);

mkdirSync(out, { recursive: true });
await twoAtATime(
  specs.filter(({ spec }) => wanted.size === 0 || wanted.has(spec)),
  async (item) => {
    const { name, folder } = await resolveProject(item.spec, item.lockfileVersion);
    const lock = readFileSync(join(folder, 'package-lock.json'));
    writeFileSync(join(out, `${name}.package-lock.json`), lock);
    process.stdout.write(`${item.spec}\n`);
  },
);
