import type { distribute, Output } from '@breakwater/contract';

type ExposureData = Output<typeof distribute.exposure>;
type Row = ExposureData['items'][number];

export interface Figure {
  readonly key: 'affected' | 'open' | 'done' | 'helper';
  readonly label: string;
  readonly count: number;
}

/** The figures of an exposure; each is a choice of rows ({@link rowsFor}). */
export function figuresOf(data: ExposureData): Figure[] {
  return [
    { key: 'affected', label: 'affected', count: data.affected },
    { key: 'open', label: 'still open', count: rowsFor(data.items, 'open').length },
    { key: 'done', label: 'reported done', count: data.done },
    { key: 'helper', label: 'handed to a helper', count: data.helper },
  ];
}

/** The rows a figure is made of. */
export function rowsFor(rows: readonly Row[], key: Figure['key']): Row[] {
  return rows.filter((row) => key === 'affected' || row.status === key);
}
