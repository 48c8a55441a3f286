import { utf8 } from '@breakwater/kernel';
import { strToU8, Zip, ZipDeflate } from 'fflate';
import type { ExportDocument } from './export-source.ts';

/** More than this in memory at once would take the server from everybody else. */
export const archiveBytesMax: number = 512 * 1024 * 1024;

/** The documents are more than one archive holds. */
export class ArchiveTooLarge extends Error {
  override readonly name = 'ArchiveTooLarge';
}

const about = `This is everything your party handed in to Breakwater, and what it may see of its own.

Every file ending in .json is in the form of the published operations: docs/openapi.json of the
program describes each field. Files below contents/ are byte for byte what was handed in.
Entries below log/ are disclosures: the offline checker checks them without any server.
`;

/** Packs documents into a zip (APPNOTE 6.3.10) as they come; throws ArchiveTooLarge. */
export async function packZip(documents: AsyncIterable<ExportDocument>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  const zip = new Zip((error, part) => {
    if (error !== null) throw error;
    bytes += part.length;
    parts.push(part);
  });
  const add = (path: string, content: Uint8Array) => {
    const file = new ZipDeflate(path, { level: 6 });
    zip.add(file);
    file.push(content, true);
  };
  add('README.txt', strToU8(about));
  const taken = new Set<string>();
  for await (const { path, value } of documents) {
    if (taken.has(path)) continue;
    taken.add(path);
    const isBytes = value instanceof Uint8Array;
    add(path, isBytes ? value : utf8(`${JSON.stringify(value, null, 2)}\n`));
    if (bytes > archiveBytesMax) throw new ArchiveTooLarge();
  }
  zip.end();
  return Buffer.concat(parts);
}
