/** The calendar days of a BOD 26-04 row, in words. */
export function deadlineWords(days: number | null): string {
  return days === null ? 'No fixed day' : `${days} ${days === 1 ? 'day' : 'days'}`;
}
