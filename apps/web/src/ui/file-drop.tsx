import type { ReactNode } from 'react';
import { useId, useState } from 'react';
import { sizeWords } from './size.ts';

interface FileDropProps {
  readonly label: string;
  /** What may be given here, by name. */
  readonly hint: ReactNode;
  readonly onFiles: (files: readonly File[]) => void;
  /** Whole-file limit in bytes; larger files are refused here, with the figure. */
  readonly bytesMax: number;
  readonly multiple?: boolean;
  /** For the file picker, such as `.json,.sarif`. */
  readonly accept?: string;
}

/** A place to drop files on, which is also a button to choose them. */
export function FileDrop(props: FileDropProps) {
  const { label, hint, onFiles, bytesMax, multiple = false, accept } = props;
  const id = useId();
  const [over, setOver] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  function take(list: FileList | null): void {
    const files = [...(list ?? [])].slice(0, multiple ? undefined : 1);
    const large = files.filter((file) => file.size > bytesMax);
    const named = large.map(({ name, size }) => `${name} has ${sizeWords(size)}`).join('; ');
    setRefused(large.length === 0 ? null : `${named}: the limit is ${sizeWords(bytesMax)}.`);
    const fits = files.filter((file) => file.size <= bytesMax);
    if (fits.length > 0) onFiles(fits);
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
        take(event.dataTransfer.files);
      }}
    >
      <input
        id={id}
        className="unseen"
        type="file"
        multiple={multiple}
        accept={accept}
        aria-describedby={`${id}-hint`}
        onChange={(event) => {
          take(event.target.files);
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
