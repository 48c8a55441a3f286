import {
  type Assignment,
  type Piece,
  type Secret,
  type Suite,
  scanLimits,
  startLeakScan,
} from '@breakwater/benchmark';
import type { SeedFile } from '@breakwater/runner';
import type { Leak } from '../journal/records.ts';
import type { Message } from '../models/messages.ts';

/**
 * What finds the suite's canary and the task's answers in a transcript, where nothing had shown
 * them. Told are their numbers and places, never their text.
 */
export function leakFinder(
  { canary }: Suite,
  { scorer, prompt }: Assignment,
  files: readonly SeedFile[],
): (messages: readonly Message[]) => readonly Leak[] {
  const answers = scorer.kind === 'answer' ? scorer.accept : [];
  const secrets: readonly Secret[] = [
    { kind: 'canary' as const, text: canary },
    ...answers.map((text) => ({ kind: 'answer' as const, text })),
  ].slice(0, scanLimits.secretsMax);
  const shown = [prompt, ...files.map(({ bytes }) => Buffer.from(bytes).toString('latin1'))];
  return (messages) => {
    const scan = startLeakScan(secrets);
    if (!scan.ok) throw new Error(scan.refusal.got);
    const pieces: readonly Piece[] = [
      ...shown.map((text) => ({ by: 'task' as const, text })),
      ...messages.flatMap(piecesOf),
    ];
    return pieces.flatMap((piece, at) => {
      const text = piece.text.slice(0, scanLimits.pieceLengthMax);
      const taken = scan.value.take({ ...piece, text });
      if (!taken.ok) throw new Error(taken.refusal.got);
      return taken.value.map(({ kind, why, secret, encoding }) => ({
        kind: `${kind}-${why}`,
        where: `part ${at - shown.length + 1} of the transcript`,
        detail: `secret ${secret}, ${encoding}`,
      }));
    });
  };
}

function piecesOf(message: Message): readonly Piece[] {
  switch (message.role) {
    case 'system':
    case 'user':
      return [{ by: 'task', text: message.content }];
    case 'tool':
      return [{ by: 'world', text: message.content }];
    case 'assistant': {
      const { content, tool_calls: calls = [] } = message;
      const parts = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
      const words = parts.map((part) => ('text' in part ? part.text : part.reasoning));
      const given = calls.map((call) => JSON.stringify(call.arguments));
      return [...words, ...given].map((text) => ({ by: 'model', text }));
    }
  }
}
