/**
 * Reads comma-separated values (RFC 4180): quoted cells, doubled quotes, line breaks in cells,
 * CRLF or LF. Null for an unclosed quote, text after a closing quote or more than `rowsMax` rows.
 */
export function readCsv(text: string, rowsMax: number): readonly (readonly string[])[] | null {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length) {
    const cell = text[at] === '"' ? quotedCell(text, at) : bareCell(text, at);
    if (cell === null) return null;
    row.push(cell.value);
    at = cell.end;
    if (text[at] === ',') {
      at += 1;
      if (at < text.length) continue;
      row.push('');
    } else if (text[at] === '\r' && text[at + 1] === '\n') {
      at += 2;
    } else if (text[at] === '\n') {
      at += 1;
    } else if (at < text.length) {
      return null;
    }
    rows.push(row);
    if (rows.length > rowsMax) return null;
    row = [];
  }
  return rows;
}

interface Cell {
  readonly value: string;
  readonly end: number;
}

function quotedCell(text: string, start: number): Cell | null {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
  if (end === -1) return null;
  return { value: text.slice(start + 1, end).replaceAll('""', '"'), end: end + 1 };
}

function bareCell(text: string, start: number): Cell | null {
  let end = start;
  while (end < text.length && text[end] !== ',' && text[end] !== '\n') {
    if (text[end] === '"') return null;
    if (text[end] === '\r' && text[end + 1] === '\n') break;
    end += 1;
  }
  return { value: text.slice(start, end), end };
}
