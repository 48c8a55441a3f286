import { ok, type Result, refuse } from '@breakwater/kernel';
import { type BucketShape, bucketOf, entryBytes, isShape, openBucket } from './bucket.ts';
import { type Asked, blind, finalize, type RandomBytes } from './oprf.ts';

/** The epoch that is asked under. */
export interface AskedEpoch extends BucketShape {
  readonly epoch: string;
  readonly publicKey: Uint8Array;
}

/** The two requests; what they refuse is handed on. */
export interface Asking {
  readonly evaluate: (
    elements: readonly Uint8Array[],
  ) => Promise<Result<{ readonly evaluated: readonly Uint8Array[]; readonly proof: Uint8Array }>>;
  readonly buckets: (
    numbers: readonly number[],
  ) => Promise<Result<{ readonly salt: Uint8Array; readonly buckets: readonly Uint8Array[] }>>;
  readonly random: RandomBytes;
}

/**
 * Asks for inputs that fit one pair of requests: for each its handle, or null where it is not known.
 *
 * The requests look like any others: elements that hide nothing stand beside those that do, and
 * buckets by chance beside those that are meant, in the order of their numbers. What comes back is
 * tried against every entry, whichever is found. Under an epoch of a shape that is none of ours
 * nothing is asked (`epoch-misshapen`).
 */
export async function ask(
  inputs: readonly Uint8Array[],
  of: { readonly epoch: AskedEpoch; readonly elementsPerRequest: number },
  { evaluate, buckets, random }: Asking,
): Promise<Result<readonly (Uint8Array | null)[]>> {
  const { epoch, elementsPerRequest } = of;
  if (!isShape(epoch)) return refuse(epochMisshapen(epoch));
  const most = whole(epoch)
    ? elementsPerRequest
    : Math.min(elementsPerRequest, epoch.bucketsPerRequest);
  if (inputs.length > most) throw new RangeError(`${inputs.length} inputs, at most ${most} fit`);
  const asked: Asked[] = inputs.map((input) => blind(input, random));
  while (asked.length < elementsPerRequest) asked.push(blind(random(32), random));
  const evaluated = await evaluate(asked.map((each) => each.element));
  if (!evaluated.ok) return evaluated;
  const finalized = finalize(asked, evaluated.value, epoch.publicKey);
  if (!finalized.ok) return finalized;
  const outputs = finalized.value.slice(0, inputs.length);
  const numbers = bucketsToAsk(outputs, epoch, random);
  const fetched = await buckets(numbers);
  if (!fetched.ok) return fetched;
  const { salt, buckets: sealed } = fetched.value;
  const size = epoch.entriesPerBucket * entryBytes;
  if (sealed.length !== numbers.length || sealed.some((each) => each.length !== size)) {
    return refuse(answerMisshapen(sealed));
  }
  return ok(
    outputs.map((output) => {
      const bucket = sealed[numbers.indexOf(bucketOf(output, epoch))];
      return bucket === undefined ? null : openBucket(bucket, { output, epoch: epoch.epoch, salt });
    }),
  );
}

function whole({ prefixBits, bucketsPerRequest }: BucketShape): boolean {
  return bucketsPerRequest === 2 ** prefixBits;
}

/** The buckets of these outputs, filled up by chance, in the order of their numbers. */
function bucketsToAsk(
  outputs: readonly Uint8Array[],
  shape: BucketShape,
  random: RandomBytes,
): readonly number[] {
  const numbers = new Set(outputs.map((output) => bucketOf(output, shape)));
  while (numbers.size < shape.bucketsPerRequest) numbers.add(bucketOf(random(3), shape));
  return [...numbers].toSorted((a, b) => a - b);
}

function epochMisshapen({ prefixBits, entriesPerBucket, bucketsPerRequest }: BucketShape) {
  return {
    code: 'epoch-misshapen',
    expected: 'buckets of 256 entries and 8 of them at a time, or all where there are fewer',
    got: `${bucketsPerRequest} at a time of 2^${prefixBits} buckets with ${entriesPerBucket} entries`,
    todo: 'ask nothing under this key: it would tell more than is written; tell a coordinator',
  };
}

function answerMisshapen(sealed: readonly Uint8Array[]) {
  return {
    code: 'answer-misshapen',
    expected: 'as many buckets of the size that the log commits to as were asked for',
    got: `${sealed.length} of other sizes`,
    todo: 'trust none of it; tell a coordinator',
  };
}
