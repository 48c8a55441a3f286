import type { BaselineRecord } from '@breakwater/benchmark/baseline';

/** Milliseconds as 1:02:03 or 02:03. */
export function durationWords(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours === 0 ? rest : `${hours}:${rest}`;
}

const interruptionWords = {
  closed: 'terminal closed or program killed',
  asleep: 'the machine slept',
  stalled: 'the program stood still',
} as const;

/** What came of a baseline, for the person. */
export function recordLines(record: BaselineRecord): readonly string[] {
  const of = (minutes: number) => durationWords(minutes * 60_000);
  const { attempt, score, pauses, interruptions } = record;
  const isFirst = record.first_attempt ? 'the first' : 'not the first: not in the human time';
  return [
    `outcome   ${record.outcome}${score === null ? '' : `, score ${score}`}`,
    `worked    ${of(record.minutes_worked)}`,
    `paused    ${of(record.minutes_paused)}${pauses.length > 0 ? ` in ${pauses.length}` : ''}`,
    `away      ${of(record.minutes_away)}`,
    ...interruptions.map(
      ({ kind, minutes }) => `          ${of(minutes)} ${interruptionWords[kind]}`,
    ),
    `attempt   ${attempt}, ${isFirst}`,
  ];
}
