import { ProblemError } from '@breakwater/contract';
import { fileBytesMax } from '@breakwater/log';

/** The log's verification key as the server publishes it: static text, no part of the contract. */
export async function fetchLogKey(): Promise<string> {
  const response = await fetch('/log/key', { credentials: 'omit' });
  const text = await response.text();
  if (response.ok && text.length <= 1_000) return text.trim();
  throw new ProblemError({
    type: 'about:blank',
    title: 'The log’s key cannot be read',
    status: response.status,
    detail: 'the log’s verification key was not served',
    code: 'log-key-missing',
    expected: 'a verification key on one line at /log/key',
    got: `status ${response.status} and ${text.length} characters`,
    todo: 'ask whoever runs this server, or use a key you saved earlier with the offline checker',
  });
}

/** One static file of the log (C2SP tlog-tiles); null where there is none. */
export async function fetchLogFile(path: string): Promise<Uint8Array | null> {
  // A tile never changes. An older checkpoint from a cache would look as if entries were taken back.
  const cache = path === 'checkpoint' ? 'no-store' : 'default';
  const response = await fetch(`/log/${path}`, { credentials: 'omit', cache });
  if (!response.ok) return null;
  const bytes = new Uint8Array(await response.arrayBuffer());
  return bytes.length <= fileBytesMax ? bytes : null;
}
