import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildChecker } from './build-checker.ts';

// Writes docs/checker.sha256 in the form that `sha256sum --check` reads.
const { sha256 } = await buildChecker();
const file = join(import.meta.dirname, '../../../docs/checker.sha256');
await writeFile(file, `${sha256}  checker.html\n`);
console.log(`${sha256}  checker.html`);
