import type { Refusal, Result } from '@breakwater/kernel';
import { useEffect, useState } from 'react';
import { unread } from './opened.ts';

export type Read<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'refused'; readonly refusal: Refusal }
  | { readonly state: 'ready'; readonly value: T };

/** Reads once for each `key`; what comes for an earlier one is thrown away. */
export function useRead<T>(read: () => Promise<Result<T>>, key: string): Read<T> {
  const [found, setFound] = useState<{ readonly key: string; readonly read: Read<T> } | null>(null);
  // The key says what is read; `read` itself is new each time.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    let isLeft = false;
    const tell = (next: Read<T>) => {
      if (!isLeft) setFound({ key, read: next });
    };
    read().then(
      (result) =>
        tell(
          result.ok
            ? { state: 'ready', value: result.value }
            : { state: 'refused', refusal: result.refusal },
        ),
      (cause: unknown) => tell({ state: 'refused', refusal: unread(cause) }),
    );
    return () => {
      isLeft = true;
    };
  }, [key]);
  return found?.key === key ? found.read : { state: 'loading' };
}
