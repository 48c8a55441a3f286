import type { Terminal } from '../../terminal.ts';
import type { Handed } from './hand-in.ts';

/** Says what became of a log, and how to go on where it did not arrive. */
export function showHanded(handed: Handed, folder: string, terminal: Terminal): void {
  if (handed.state === 'taken-in') {
    terminal.line(`server    ${handed.run}, its log was taken in`);
    return;
  }
  if (handed.state === 'away') terminal.say(`the server did not take the log: ${handed.why}`);
  else {
    const { expected, got, todo } = handed.refusal;
    terminal.say(`the server refused the log: it expected ${expected}, got ${got}; ${todo}`);
  }
  terminal.say(`the run is whole here; to hand it in: breakwater benchmark send ${folder}`);
}
