import type { LogSample } from '@breakwater/formats/eval-log';
import { useEffect, useRef, useState } from 'react';
import { useShortcut } from '../../ui/keys.ts';
import { addressOf, type Place } from './place.ts';
import { countOf, type Hit, searchSample } from './read-entries.ts';

interface SearchProps {
  readonly sample: LogSample;
  readonly place: Place;
}

interface Found {
  readonly hits: readonly Hit[];
  readonly searched: number;
  readonly isDone: boolean;
  readonly refused: string;
}

const nothing: Found = { hits: [], searched: 0, isDone: false, refused: '' };

/** Looks for a word in the messages, or the events, of a sample; hits come as they are found. */
export function SearchSample({ sample, place }: SearchProps) {
  const { list } = place;
  const [word, setWord] = useState('');
  const [found, setFound] = useState<Found | null>(null);
  const field = useRef<HTMLInputElement>(null);
  useShortcut('f', 'Search in the sample', () => field.current?.focus());
  useEffect(() => {
    const wanted = word.trim();
    if (wanted === '') {
      setFound(null);
      return;
    }
    let isOver = false;
    const look = async () => {
      setFound(nothing);
      const hits: Hit[] = [];
      for await (const step of searchSample(sample, { list, word: wanted, isOver: () => isOver })) {
        if (isOver) return;
        hits.push(...step.hits);
        const { searched, refused } = step;
        setFound({ hits: [...hits], searched, refused, isDone: false });
      }
      if (!isOver) setFound((now) => (now === null ? null : { ...now, isDone: true }));
    };
    // A word is looked for when its writer pauses, not at each letter.
    const pause = setTimeout(() => void look(), 250);
    return () => {
      isOver = true;
      clearTimeout(pause);
    };
  }, [word, sample, list]);
  return (
    <search className="sample-search">
      <input
        ref={field}
        type="search"
        className="input"
        value={word}
        maxLength={200}
        placeholder={`Search the ${list}`}
        aria-label={`Search the ${list}`}
        onChange={(event) => setWord(event.target.value)}
      />
      {found === null ? null : <Hits found={found} place={place} total={countOf(sample, list)} />}
    </search>
  );
}

interface HitsProps {
  readonly found: Found;
  readonly place: Place;
  readonly total: number;
}

function Hits({ found: { hits, searched, isDone, refused }, place, total }: HitsProps) {
  const far = isDone
    ? ''
    : `, searched ${searched.toLocaleString('en-US')} of ${total.toLocaleString('en-US')}`;
  const count = hits.length === 0 && isDone ? 'Nothing found' : `${hits.length} found`;
  return (
    <div className="hits">
      <p className="small soft" role="status">
        {refused === '' ? `${count}${far}` : refused}
      </p>
      {hits.length === 0 ? null : (
        <ul>
          {hits.map(({ at, title, around }) => (
            <li key={at}>
              <a href={addressOf(place, { at })}>
                #{at + 1} {title}
              </a>
              <span className="small soft">{around}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
