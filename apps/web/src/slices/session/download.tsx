import type { CallInput, Operation, Problem } from '@breakwater/contract';
import { useState } from 'react';
import { ProblemNote } from './problem-note.tsx';
import { problemOf, useServer } from './server.ts';

interface DownloadProps<T extends Operation> {
  readonly operation: T;
  readonly input: CallInput<T>;
  readonly fileName: string;
  readonly children: string;
}

/** Fetches a file with the session's key and hands it to the browser to save, never to open. */
export function Download<T extends Operation>(props: DownloadProps<T>) {
  const client = useServer();
  const [problem, setProblem] = useState<Problem | null>(null);
  async function save(): Promise<void> {
    try {
      const bytes = await client.download(props.operation, props.input);
      // A copy: Blob wants a buffer that nobody else may share.
      saveAs(
        new Blob([new Uint8Array(bytes)], { type: 'application/octet-stream' }),
        props.fileName,
      );
      setProblem(null);
    } catch (cause) {
      setProblem(problemOf(cause));
    }
  }
  return (
    <>
      <button type="button" className="link" onClick={() => void save()}>
        {props.children}
      </button>
      {problem === null ? null : <ProblemNote problem={problem} />}
    </>
  );
}

function saveAs(blob: Blob, fileName: string): void {
  const url = URL.createObjectURL(blob);
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = fileName;
  anchor.click();
  URL.revokeObjectURL(url);
}
