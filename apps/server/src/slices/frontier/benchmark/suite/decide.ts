import { commitmentOf, rootOver } from '@breakwater/benchmark';
import { bytesToHex, fromBase64, ok, type Result, refuse } from '@breakwater/kernel';

/** BEN-1: the commitments lead to the root, and none stands there twice. */
export function decideSeal(
  root: string,
  items: readonly string[],
): Result<null, 'commitment-differs' | 'item-twice'> {
  const seen = new Set<string>();
  for (const [at, item] of items.entries()) {
    if (seen.has(item)) return refuse(itemTwice(at));
    seen.add(item);
  }
  const computed = rootOver(items);
  if (computed === root) return ok(null);
  return refuse({
    code: 'commitment-differs',
    expected: `the root over the commitments of the items, ${computed}`,
    got: root,
    todo: 'send the items in the order in which they were committed',
    pointer: '/commitment',
  });
}

/** BEN-5: salt and item are what was committed. */
export function checkBody(
  body: { readonly salt: string; readonly item: string },
  commitment: Uint8Array,
): Result<null, 'commitment-differs'> {
  const salt = fromBase64(body.salt);
  const expected = bytesToHex(commitment);
  if (salt?.length === 32 && commitmentOf(salt, body.item) === expected) return ok(null);
  return refuse({
    code: 'commitment-differs',
    expected: `salt and item that make the commitment ${expected}`,
    got: 'others',
    todo: 'send salt and item as they were when the suite was sealed',
  });
}

function itemTwice(at: number) {
  return {
    code: 'item-twice',
    expected: 'each item with a salt of its own',
    got: `the commitment at ${at} a second time`,
    todo: 'commit each item with 32 fresh random bytes',
    pointer: `/items/${at}/commitment`,
  } as const;
}
