import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** One sentence: what happens here. */
  readonly lede?: ReactNode;
  readonly children: ReactNode;
  readonly wide?: boolean;
}

/** Something to decide before going on. Escape and the cross leave everything as it was. */
export function Dialog({ open, onClose, title, lede, children, wide = false }: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={(now) => (now ? undefined : onClose())}>
      <Radix.Portal>
        <Radix.Overlay className="veil" />
        <Radix.Content
          className={wide ? 'dialog dialog-wide' : 'dialog'}
          onOpenAutoFocus={beginAtField}
          {...(lede === undefined ? { 'aria-describedby': undefined } : {})}
        >
          <Radix.Title className="dialog-title">{title}</Radix.Title>
          {lede === undefined ? null : (
            <Radix.Description asChild>
              <div className="soft dialog-lede">{lede}</div>
            </Radix.Description>
          )}
          {children}
          {/* Last, so that the first field is where the keyboard begins. */}
          <Radix.Close className="cross dialog-close" aria-label="Close">
            <span aria-hidden="true">×</span>
          </Radix.Close>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** The keyboard begins at what is asked; while that is still on its way, at the dialog itself. */
function beginAtField(event: Event): void {
  const content = event.currentTarget;
  if (!(content instanceof HTMLElement)) return;
  event.preventDefault();
  (content.querySelector<HTMLElement>('input, select, textarea') ?? content).focus();
}
