/**
 * One cell of a CSV file (RFC 4180, section 2), safe to open in a spreadsheet: text that a
 * spreadsheet would take for a formula, or for a command to another program, begins with an
 * apostrophe, which it shows as text (OWASP, "CSV Injection").
 */
export function csvCell(text: string): string {
  const inert = /^[\s\uFEFF]*[=+\-@|%\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/u.test(text)
    ? `'${text}`
    : text;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

/** Rows as CSV with CRLF, each cell inert. */
export function writeCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}
