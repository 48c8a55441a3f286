import { useEffect, useId, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Loading } from '../../ui/note.tsx';
import { sizeWords } from '../../ui/size.ts';
import { ProblemNote } from '../session/problem-note.tsx';
import { closeFile, type NotOpened, openFiles, useOpenFiles } from './opened.ts';
import { addressOf, type Place, placeOf } from './place.ts';

/** Where files are dropped or chosen, and which are open. They are read here and sent nowhere. */
export function OpenPlace({ place }: { readonly place: Place }) {
  const { opened, opening, refused } = useOpenFiles();
  const isDragging = useDropAnywhere();
  const fresh = placeOf({});
  const isShown = opened.some(
    ({ kind, name }) => kind === 'log' && (place.log === '' || place.log === name),
  );
  // Who reads a transcript has the page for it.
  if (place.sample !== '' && isShown && opening.length === 0) {
    return null;
  }
  return (
    <div className="no-print">
      <Choose isOver={isDragging} isSmall={opened.length > 0} />
      {opened.length === 0 ? null : (
        <ul className="opened-files" aria-label="Open files">
          {opened.map(({ name, size, kind }) => (
            <li key={name}>
              {kind === 'log' ? (
                <a className="mono" href={addressOf(fresh, { log: name })}>
                  {name}
                </a>
              ) : (
                <span className="mono">{name}</span>
              )}
              <span className="faint">
                {kind === 'log' ? 'log' : 'table'}, {sizeWords(size)}
              </span>
              <Button kind="quiet" label={`Close ${name}`} onPress={() => closeFile(name)}>
                Close
              </Button>
            </li>
          ))}
        </ul>
      )}
      {opening.length === 0 ? null : <Loading what={opening.join(', ')} />}
      {refused.map((each) => (
        <Refused key={each.name} {...each} />
      ))}
    </div>
  );
}

function Choose({ isOver, isSmall }: { readonly isOver: boolean; readonly isSmall: boolean }) {
  const id = useId();
  return (
    <div className={['drop', isOver ? 'drop-over' : '', isSmall ? 'drop-small' : ''].join(' ')}>
      <input
        id={id}
        className="unseen"
        type="file"
        multiple
        accept=".eval,.json,.csv,.jsonl"
        aria-describedby={`${id}-hint`}
        onChange={(event) => {
          void openFiles([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
      <label htmlFor={id} className="drop-label">
        {isSmall ? 'Open more files' : 'Drop logs or tables here, or choose them'}
      </label>
      <div id={`${id}-hint`} className="small soft">
        Logs of Inspect (.eval, .json) and tables of runs (.csv, .jsonl), of any size. They are read
        in this browser. Nothing of them is sent anywhere.
      </div>
    </div>
  );
}

/** The whole page takes files: nobody has to aim. */
function useDropAnywhere(): boolean {
  const [isDragging, setDragging] = useState(false);
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes('Files') !== true) return;
      event.preventDefault();
      setDragging(true);
    };
    const left = (event: DragEvent) => {
      if (event.relatedTarget === null) setDragging(false);
    };
    const drop = (event: DragEvent) => {
      setDragging(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      void openFiles(files);
    };
    addEventListener('dragover', over);
    addEventListener('dragleave', left);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('dragleave', left);
      removeEventListener('drop', drop);
    };
  }, []);
  return isDragging;
}

function Refused({ name, refusal }: NotOpened) {
  return <ProblemNote problem={problemOf(`${name} was not opened`, refusal)} />;
}

/** A refusal as the notes of these pages show it. */
export function problemOf(title: string, refusal: NotOpened['refusal']) {
  return { type: 'about:blank', title, status: 0, detail: title, ...refusal };
}
