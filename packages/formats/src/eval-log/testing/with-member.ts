import { utf8 } from '@breakwater/kernel';
import { readDirectory } from '../zip-directory.ts';
import { ZipWriter } from '../zip-writer.ts';
import { MemoryFile, memorySource, nodeCodecs } from './node-codecs.ts';

/** The same log with one more member; of two with one name the later counts. */
export async function withMember(
  log: Uint8Array,
  name: string,
  content: unknown,
): Promise<Uint8Array> {
  const directory = await readDirectory(memorySource(log));
  if (directory === null) throw new Error('expected a directory');
  const { members, start } = directory;
  const file = new MemoryFile();
  await file.write(0, log);
  const zip = new ZipWriter(file, nodeCodecs, { members: members.values(), start });
  await zip.add(
    name,
    (async function* () {
      yield utf8(textOf(content));
    })(),
  );
  await zip.writeDirectory();
  return file.bytes;
}

/** As Inspect writes JSON, in which NaN is a number. */
function textOf(content: unknown): string {
  const marked = JSON.stringify(content, (_, value: unknown) =>
    Number.isNaN(value) ? '<not a number>' : value,
  );
  return marked.replaceAll('"<not a number>"', 'NaN');
}
