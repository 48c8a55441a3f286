import path from 'node:path';
import { type FetchFile, fileBytesMax, parseVerifierKey } from '@breakwater/log';
import { exitCodes } from '../exit-codes.ts';
import { fileLimits, readRegular, reasonOf } from '../files.ts';
import { Stop } from '../stop.ts';

const waitMs = 30_000;

/** Where the files of a log come from: an address or a folder. */
export function openLog(log: string, signal: AbortSignal): FetchFile {
  return /^https?:\/\//i.test(log) ? fromAddress(log.replace(/\/+$/, ''), signal) : fromFolder(log);
}

function fromAddress(address: string, signal: AbortSignal): FetchFile {
  return async (name) => {
    try {
      const bounds = AbortSignal.any([signal, AbortSignal.timeout(waitMs)]);
      const response = await fetch(`${address}/${name}`, { signal: bounds });
      if (response.status === 404) {
        await response.body?.cancel();
        return null;
      }
      if (!response.ok) throw new Error(`the server answered ${response.status}`);
      return await bounded(response);
    } catch (error) {
      throw new Stop(unreachable(`${address}/${name}`, error), exitCodes.noServer);
    }
  };
}

/** The body of an answer; what exceeds the longest file of a log is not read. */
async function bounded(response: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    // One byte too many is enough: no file of a log may be so long, and the check says so.
    if (bytes > fileBytesMax) throw new Error(`the file has more than ${fileBytesMax} bytes`);
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

function fromFolder(folder: string): FetchFile {
  return async (name) => {
    try {
      return await readRegular(path.join(folder, name), fileBytesMax);
    } catch (error) {
      if (error instanceof Stop && error.refusal.code === 'file-unreadable') return null;
      throw error;
    }
  };
}

export interface Keys {
  readonly vkeys: readonly string[];
  /** The keys came from the very server that is checked. */
  readonly fromServer: boolean;
}

/** The verifier keys: as given, out of a file, or else from the log itself. */
export async function keysFor(
  given: string | undefined,
  fetchFile: FetchFile | null,
): Promise<Keys> {
  if (given !== undefined) {
    if (parseVerifierKey(given).ok) return { vkeys: [given], fromServer: false };
    const text = new TextDecoder().decode(await readRegular(given, fileLimits.request));
    return { vkeys: linesOf(text, given), fromServer: false };
  }
  const bytes = (await fetchFile?.('keys')) ?? null;
  if (bytes === null) throw new Stop(keyMissing);
  return { vkeys: linesOf(new TextDecoder().decode(bytes), 'keys'), fromServer: true };
}

function linesOf(text: string, where: string): readonly string[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  if (lines.length > 0 && lines.length <= 1_000) return lines;
  const got = `${where} with ${lines.length} lines`;
  throw new Stop({ ...keyMissing, got });
}

const keyMissing = {
  code: 'key-missing',
  expected: 'the verifier key of the log, or a file with such keys, one a line',
  got: 'none',
  todo: 'give it with --key; whoever runs the log publishes it, best somewhere else than beside it. A server answers for its log below /log, such as http://127.0.0.1:8420/log',
};

function unreachable(what: string, error: unknown) {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return {
    code: 'server-unreachable',
    expected: `an answer for ${what}`,
    got: reasonOf(cause),
    todo: 'check the address, and that the server runs',
  };
}
