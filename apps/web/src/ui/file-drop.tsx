import type { ReactNode } from 'react';
import { useId, useState } from 'react';
import { sizeWords } from './size.ts';

/** A file as it was given, whole. */
export interface GivenFile {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  readonly bytes: Uint8Array;
}

interface FileDropProps {
  readonly label: string;
  /** What may be given here, by name. */
  readonly hint: ReactNode;
  readonly onFile: (file: GivenFile) => void;
  /** Whole-file limit in bytes; larger files are refused here, with the figure. */
  readonly bytesMax: number;
  /** For the file picker, such as `.json,.sarif`. */
  readonly accept?: string;
}

/** A place to drop files on, which is also a button to choose them. */
export function FileDrop(props: FileDropProps) {
  const { label, hint, onFile, bytesMax, accept } = props;
  const id = useId();
  const [over, setOver] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  async function take(list: FileList | null): Promise<void> {
    const file = list?.[0];
    if (file === undefined) return setRefused(null);
    const { name, size } = file;
    const tooLarge = size > bytesMax;
    setRefused(
      tooLarge ? `${name} has ${sizeWords(size)}: the limit is ${sizeWords(bytesMax)}.` : null,
    );
    if (tooLarge) return;
    try {
      onFile({ name, size, bytes: new Uint8Array(await file.arrayBuffer()) });
    } catch {
      setRefused(`${name} could not be read. A folder cannot be given; give one file.`);
    }
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping only adds to the button inside
    <div
      className={over ? 'drop drop-over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void take(event.dataTransfer.files);
      }}
    >
      <input
        id={id}
        className="unseen"
        type="file"
        accept={accept}
        aria-describedby={`${id}-hint`}
        onChange={(event) => {
          void take(event.target.files);
          event.target.value = '';
        }}
      />
      <label htmlFor={id} className="drop-label">
        {label}
      </label>
      <div id={`${id}-hint`} className="small soft">
        {hint}
      </div>
      <p className="field-error" role="alert">
        {refused}
      </p>
    </div>
  );
}
