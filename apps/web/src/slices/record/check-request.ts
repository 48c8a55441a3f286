import type { Json } from '@breakwater/kernel';
import { fromUtf8, utf8 } from '@breakwater/kernel';
import {
  checkRequestProof,
  formatDisclosure,
  parseRequestProof,
  parseVerifierKey,
  type RequestProof,
  requestProofFormat,
} from '@breakwater/log';
import { type Check, type CheckInput, type CheckStep, checkSteps } from './check-steps.ts';

const readTitle = 'The proof of the request can be read';
const requestTitle = 'The request is in the interval that the entry closes';

/** Checks a disclosed entry, or the proof of a request of the gateway: whichever the file is. Pure. */
export function checkFile(input: CheckInput): Check {
  return isRequestProof(input.disclosure) ? checkRequest(input) : checkSteps(input);
}

/**
 * Checks the proof of one request of the gateway, offline, and says of each step whether it holds.
 * Pure; `disclosure` is the bytes of the file that `gateway.request-proof` answers with.
 */
export function checkRequest(input: CheckInput): Check {
  const parsed = parseRequestProof(input.disclosure);
  if (!parsed.ok) {
    const { expected, got, todo } = parsed.refusal;
    const words = `Expected ${expected}. Came: ${got}. To do: ${todo}.`;
    const steps = [{ title: readTitle, state: 'fails' as const, words }];
    return { holds: false, steps, content: undefined, checkpoint: null };
  }
  const proof = parsed.value;
  const entry = checkSteps({ ...input, disclosure: utf8(formatDisclosure(proof.entry)) });
  const steps = [...entry.steps, requestStep(proof, input.key, entry)];
  const isSure = steps.every(({ state }) => state === 'holds');
  return { ...entry, holds: isSure, steps, content: contentOf(proof) };
}

function requestStep(proof: RequestProof, key: string, entry: Check): CheckStep {
  const title = requestTitle;
  const parsed = parseVerifierKey(key.trim());
  if (!parsed.ok || entry.checkpoint === null) {
    return { title, state: 'not-reached', words: 'Not reached: an earlier step does not hold.' };
  }
  const checked = checkRequestProof(proof, [parsed.value]);
  if (!checked.ok) {
    const { expected, got, todo } = checked.refusal;
    return {
      title,
      state: 'fails',
      words: `Expected ${expected}. Came: ${got}. To do: ${todo}.`,
    };
  }
  const { index, size } = proof.group;
  const words =
    `Request and salt make a commitment that is number ${index} of ${size} of this party at this ` +
    `developer, at place ${proof.interval.place} of the interval.`;
  return { title, state: 'holds', words };
}

/** What was recorded: of both sides, and of the developer alone where the file has it. */
function contentOf({ request, inside }: RequestProof): Json {
  return inside === undefined ? request : { ...request, inside: inside.content };
}

/** By its format alone: what is wrong with it, its own steps say. */
function isRequestProof(bytes: Uint8Array): boolean {
  try {
    const file: unknown = JSON.parse(fromUtf8(bytes));
    const isObject = typeof file === 'object' && file !== null && 'format' in file;
    return isObject && file.format === requestProofFormat;
  } catch {
    return false;
  }
}
