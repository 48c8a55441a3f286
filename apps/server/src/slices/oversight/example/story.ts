import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Publication } from '@breakwater/contract';
import { parseOsv } from '@breakwater/formats/osv';
import { toBase64 } from '@breakwater/kernel';

/** What ships beside the server: public, long fixed vulnerabilities of real packages. */
const folder = path.join(import.meta.dirname, '../../../../../../demo');

const recipes = ['cjson-parse', 'flat-unflatten'];
const inventories = [
  { name: 'Example: node gateway', file: 'debian/b11-node-gateway.txt', debianRelease: '11' },
  { name: 'Example: mail relay', file: 'debian/b11-mail-relay.txt', debianRelease: '11' },
  { name: 'Example: web application', file: 'cyclonedx/uses-flat.cdx.json' },
];

/** Everything the example consists of, as the operations take it. */
export interface Story {
  readonly recipes: readonly { readonly name: string; readonly files: Record<string, string> }[];
  readonly crash: object;
  readonly native: readonly object[];
  readonly publication: Publication;
  readonly inventories: readonly object[];
}

/** Reads the example; null where it does not lie beside the server. */
export async function readStory(): Promise<Story | null> {
  try {
    const cjson = await advisory('cjson-cve-2023-53154.json');
    const flat = await advisory('flat-cve-2020-36632.json');
    const proof = await base64('proofs/flat-cve-2020-36632.cjs');
    const common = { kind: 'native', package: 'pkg:npm/flat', version: '5.0.0', proof };
    const weakness = { weakness: 'CWE-1321', recipe: 'flat-unflatten', marking: 'AMBER' };
    return {
      recipes: await Promise.all(
        recipes.map(async (name) => ({ name, files: await filesBelow(`recipes/${name}`) })),
      ),
      crash: {
        kind: 'crash',
        package: 'pkg:deb/debian/cjson',
        version: '1.7.15-1',
        recipe: 'cjson-parse',
        title: 'Example: out-of-bounds read while parsing a truncated object',
        tool: 'AddressSanitizer, gcc 12',
        marking: 'AMBER',
        report: await readFile(path.join(folder, 'reports/cjson-cve-2023-53154.asan.txt'), 'utf8'),
        input: await base64('proofs/cjson-cve-2023-53154.input'),
      },
      native: [
        {
          ...common,
          ...weakness,
          title: 'Example: unflatten pollutes Object.prototype',
          description: flat.details,
          location: { path: 'index.js', function: 'unflatten' },
        },
        {
          ...common,
          ...weakness,
          title: 'Example: prototype pollution in flat',
          description: flat.details,
          location: { path: 'package/index.js', function: 'unflatten', line: 119 },
          identifiers: flat.aliases,
        },
      ],
      publication: { ...cjson, summary: `Example: ${cjson.summary}` },
      inventories: await Promise.all(
        inventories.map(async ({ file, ...named }) => ({
          ...named,
          file: await base64(`inventories/${file}`),
        })),
      ),
    };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** What a coordinator would have written to publish this record. */
async function advisory(name: string): Promise<Publication> {
  const osv = parseOsv(await readFile(path.join(folder, 'advisories', name)));
  if (!osv.ok) throw new Error(`the example's ${name} is no OSV record: ${osv.refusal.got}`);
  const { summary, details, aliases, references, affected } = osv.value;
  return Publication.parse({
    summary,
    details,
    aliases: aliases ?? [],
    references: (references ?? []).map(({ type, url }) => ({ type, url })),
    affected: (affected ?? []).flatMap(({ package: of, ranges, ecosystem_specific: more }) => {
      const events = (ranges ?? []).flatMap((range) => range.events);
      const introduced = events.find((event) => event.introduced !== undefined)?.introduced;
      const fixed = events.find((event) => event.fixed !== undefined)?.fixed;
      return [
        {
          ecosystem: of?.ecosystem,
          package: of?.name,
          introduced,
          fixed,
          binaries: more?.['binaries'] ?? [],
        },
      ];
    }),
  });
}

async function base64(name: string): Promise<string> {
  return toBase64(new Uint8Array(await readFile(path.join(folder, name))));
}

async function filesBelow(name: string): Promise<Record<string, string>> {
  const below = path.join(folder, name);
  const entries = await readdir(below, { recursive: true, withFileTypes: true });
  const files: Record<string, string> = {};
  for (const entry of entries.filter((each) => each.isFile())) {
    const file = path.relative(below, path.join(entry.parentPath, entry.name));
    files[file.split(path.sep).join('/')] = await base64(path.join(name, file));
  }
  return files;
}
