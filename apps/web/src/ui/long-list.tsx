// biome-ignore-all lint/a11y/useSemanticElements: a table element cannot leave out the rows it does not draw
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import type { ReactNode } from 'react';
import { memo, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useShortcut } from './keys.ts';

/** One column of a long list. Every row is one grid; `width` is its track, such as `minmax(0, 1fr)`. */
export interface LongColumn<Row> {
  readonly key: string;
  readonly head: string;
  readonly width: string;
  readonly cell: (row: Row) => ReactNode;
  readonly figure?: boolean;
}

interface LongListProps<Row> {
  readonly caption: string;
  readonly columns: readonly LongColumn<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Where Enter leads. */
  readonly hrefOf: (row: Row) => string;
  readonly onOpen: (href: string) => void;
  /** Whether there is more than is here, and how to get it. */
  readonly more: { readonly has: boolean; readonly loading: boolean; readonly load: () => void };
}

/** Rows drawn beyond what is seen, and how near the end the next page is fetched. */
const overscan = 12;
const nearEnd = 60;
/** Below this width a row stands over several lines (kit.css). */
const narrow = 960;

/**
 * A list of any length: only the rows in view exist on the page, the next page is fetched before
 * its end is reached. j and k move, Enter opens; the row that is chosen stays chosen by its key.
 */
export function LongList<Row>(props: LongListProps<Row>) {
  const { caption, columns, rows, keyOf, hrefOf, onOpen, more } = props;
  const place = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [chosen, setChosen] = useState<string | null>(null);
  useLayoutEffect(() => {
    const seen = place.current;
    if (seen !== null) setTop(seen.getBoundingClientRect().top + scrollY);
  }, []);
  const list = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => (innerWidth < narrow ? 108 : 57),
    overscan,
    scrollMargin: top,
    getItemKey: (at) => keyOfAt(rows, keyOf, at),
  });
  const drawn = list.getVirtualItems();
  const last = drawn.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more.has && !more.loading && last >= rows.length - nearEnd) more.load();
  }, [last, more, rows.length]);

  const at = chosen === null ? -1 : rows.findIndex((row) => keyOf(row) === chosen);
  function choose(next: number): void {
    const row = rows[Math.max(0, Math.min(rows.length - 1, next))];
    if (row === undefined) return;
    setChosen(keyOf(row));
    list.scrollToIndex(Math.max(0, next), { align: 'auto' });
  }
  const some = rows.length > 0;
  useShortcut('j', 'Next row', some ? () => choose(at + 1) : null);
  useShortcut('k', 'Row before', some ? () => choose(at < 0 ? 0 : at - 1) : null);
  const here = rows[at];
  useShortcut('Enter', 'Open the row', here === undefined ? null : () => onOpen(hrefOf(here)));

  const tracks = columns.map((column) => column.width).join(' ');
  return (
    <div
      role="table"
      aria-label={caption}
      aria-rowcount={more.has ? -1 : rows.length + 1}
      className="long"
      ref={place}
    >
      <div role="rowgroup" className="long-head">
        <div role="row" tabIndex={-1} className="long-row" style={{ gridTemplateColumns: tracks }}>
          {columns.map((column) => (
            <span role="columnheader" tabIndex={-1} key={column.key} className={figures(column)}>
              {column.head}
            </span>
          ))}
        </div>
      </div>
      <div role="rowgroup" className="long-body" style={{ height: list.getTotalSize() }}>
        {drawn.map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          const key = keyOf(row);
          return (
            <div
              role="row"
              tabIndex={-1}
              key={key}
              aria-rowindex={item.index + 2}
              aria-selected={key === chosen}
              className={key === chosen ? 'long-row long-chosen' : 'long-row'}
              data-index={item.index}
              ref={list.measureElement}
              style={{
                gridTemplateColumns: tracks,
                transform: `translateY(${item.start - list.options.scrollMargin}px)`,
              }}
            >
              <Cells row={row} columns={columns} />
            </div>
          );
        })}
      </div>
      {more.loading ? (
        <p className="small soft long-more" role="status">
          Loading more…
        </p>
      ) : null}
    </div>
  );
}

interface CellsProps<Row> {
  readonly row: Row;
  readonly columns: readonly LongColumn<Row>[];
}

function CellsOf<Row>({ row, columns }: CellsProps<Row>) {
  return columns.map((column) => (
    <div role="cell" key={column.key} className={figures(column)} data-label={column.head}>
      {column.cell(row)}
    </div>
  ));
}

/** What stands in a row changes only with the row: scrolling draws none of it again. */
const Cells = memo(CellsOf) as unknown as typeof CellsOf; // memo forgets that it is generic

function keyOfAt<Row>(rows: readonly Row[], keyOf: (row: Row) => string, at: number): string {
  const row = rows[at];
  return row === undefined ? String(at) : keyOf(row);
}

function figures({ figure, key }: { readonly figure?: boolean; readonly key: string }): string {
  return figure ? `cell-${key} num figures` : `cell-${key}`;
}
