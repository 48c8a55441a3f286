import { Tabs as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

interface Tab {
  readonly key: string;
  readonly label: ReactNode;
  readonly content: ReactNode;
}

interface TabsProps {
  readonly label: string;
  readonly tabs: readonly Tab[];
  /** The open one; with `onChange` it can live in the address. */
  readonly value?: string;
  readonly onChange?: (key: string) => void;
}

/** Parts of one thing, of which one is looked at. */
export function Tabs({ label, tabs, value, onChange }: TabsProps) {
  const held = value === undefined ? { defaultValue: tabs[0]?.key ?? '' } : { value };
  return (
    <Radix.Root {...held} {...(onChange === undefined ? {} : { onValueChange: onChange })}>
      <Radix.List className="tabs" aria-label={label}>
        {tabs.map((tab) => (
          <Radix.Trigger
            key={tab.key}
            value={tab.key}
            className="tab"
            ref={tab.key === value ? bring : null}
          >
            {tab.label}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => (
        <Radix.Content key={tab.key} value={tab.key} className="tab-content">
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}

/** Opened by its address on a phone, a tab may be far along the strip. */
function bring(tab: HTMLElement | null): void {
  const strip = tab?.parentElement ?? null;
  if (tab === null || strip === null) return;
  const beyond = tab.getBoundingClientRect().right - strip.getBoundingClientRect().right;
  if (beyond > 0) strip.scrollLeft += beyond;
}
