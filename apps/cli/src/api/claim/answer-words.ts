import type { Alternative, ClaimAnswer, HeldPart } from '@breakwater/contract';
import type { Terminal } from '../../terminal.ts';
import type { Wish } from './last-answer.ts';
import { type Here, momentText } from './moments.ts';
import { scopeLine, scopeLines } from './scope-words.ts';

interface Told {
  readonly wish: Wish;
  readonly here: Here;
  /** Nothing was taken and nothing should have been. */
  readonly preview: boolean;
}

/** What an asker was answered, for a person. */
export function printAnswer(answer: ClaimAnswer, told: Told, terminal: Terminal): void {
  const { held, alternatives } = answer;
  terminal.line(headline(answer, told));
  row(terminal, 'asked', scopeLines(told.wish.scope));
  row(terminal, 'until', [momentText(answer.until, told.here)]);
  if (held.length === 0) row(terminal, 'others', ['nobody else has claimed any of it']);
  else row(terminal, 'others', heldLines(held, told.here));
  if (answer.claim !== null) row(terminal, 'claim', [answer.claim, ...nextSteps(answer.claim)]);
  if (alternatives.length === 0) return;
  terminal.line(answer.answer === 'conflict' ? 'instead' : 'what of it nobody else covers');
  for (const [index, alternative] of alternatives.entries()) {
    const [first = '', ...rest] = alternativeLines(alternative, told);
    terminal.line(`  ${index + 1}. ${first}`);
    for (const line of rest) terminal.line(`     ${line}`);
  }
  terminal.line(`take one: breakwater claim --take ${alternatives.length > 1 ? 2 : 1}`);
}

function headline({ answer, until }: ClaimAnswer, { preview, here }: Told): string {
  const would = preview ? 'would be ' : '';
  switch (answer) {
    case 'granted':
      return `${would}granted`;
    case 'beside':
      return `${would}granted beside others`;
    case 'conflict':
      return `conflict until ${momentText(until, here)}${preview ? '' : '; nothing was claimed'}`;
  }
}

function row(terminal: Terminal, name: string, lines: readonly string[]): void {
  for (const [index, line] of lines.entries()) {
    terminal.line(`  ${(index === 0 ? name : '').padEnd(10)} ${line}`);
  }
}

function heldLines(held: readonly HeldPart[], here: Here): readonly string[] {
  return held.flatMap(({ scope, sharing, until }) => [
    `${sharing === 'alone' ? 'held alone' : 'covered'} until ${momentText(until, here)}:`,
    ...scopeLines(scope).map((line) => `  ${line}`),
  ]);
}

function nextSteps(claim: string): readonly string[] {
  return [
    `more time:  breakwater claim renew ${claim} --for 1d`,
    `give back:  breakwater claim release ${claim} --covered nothing-found`,
  ];
}

function alternativeLines(alternative: Alternative, { wish, here }: Told): readonly string[] {
  switch (alternative.kind) {
    case 'part':
      return [
        `the part that is free (other ${alternative.differs.join(', ')}), until ${momentText(alternative.until, here)}`,
        ...scopeLines(alternative.scope),
      ];
    case 'later':
      return [
        `all of it later, from ${momentText(alternative.from, here)}`,
        `until ${momentText(alternative.until, here)}`,
      ];
    case 'beside':
      return ['all of it now, beside the others: you asked for it alone'];
    case 'join':
      return ['ask whoever holds it to let you in; you learn of each other if both agree'];
    case 'wait':
      return [`stand in line for ${scopeLine(wish.scope)}; it is granted to you when it frees`];
  }
}
