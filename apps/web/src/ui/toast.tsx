import type { ReactNode } from 'react';
import { createContext, useCallback, useContext, useEffect, useState } from 'react';

interface Said {
  readonly id: number;
  readonly text: string;
}

type Say = (text: string) => void;

const SayContext = createContext<Say>(() => {});

/** Says in a corner what was just done. What went wrong belongs beside what was pressed instead. */
export function useSay(): Say {
  return useContext(SayContext);
}

const shownMs = 6_000;

/** The corner: what is said there is read out, and goes by itself or when it is closed. */
export function Toasts({ children }: { readonly children: ReactNode }) {
  const [said, setSaid] = useState<readonly Said[]>([]);
  const say = useCallback<Say>((text) => {
    setSaid((before) => [...before.slice(-2), { id: (before.at(-1)?.id ?? 0) + 1, text }]);
  }, []);
  const forget = useCallback((id: number) => {
    setSaid((before) => before.filter((one) => one.id !== id));
  }, []);
  return (
    <SayContext value={say}>
      {children}
      <div className="toasts" role="status">
        {said.map((one) => (
          <Toast key={one.id} said={one} onEnd={forget} />
        ))}
      </div>
    </SayContext>
  );
}

function Toast({ said, onEnd }: { readonly said: Said; readonly onEnd: (id: number) => void }) {
  useEffect(() => {
    const timer = setTimeout(() => onEnd(said.id), shownMs);
    return () => clearTimeout(timer);
  }, [said.id, onEnd]);
  return (
    <p className="toast">
      <span>{said.text}</span>
      <button type="button" className="cross" aria-label="Close" onClick={() => onEnd(said.id)}>
        <span aria-hidden="true">×</span>
      </button>
    </p>
  );
}
