const words: Readonly<Record<string, string>> = {
  open: 'Open',
  done: 'Done',
  helper: 'With a helper',
  'not-affected': 'Not affected',
  resolved: 'Gone from your list',
  withdrawn: 'Withdrawn',
};

/** The status of a notice in words; an unknown one keeps its name. */
export function statusWords(status: string): string {
  return words[status] ?? status;
}
