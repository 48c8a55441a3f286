import { DropdownMenu as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

interface MenuProps {
  /** What is on the button. */
  readonly label: ReactNode;
  readonly name?: string;
  readonly children: ReactNode;
  readonly className?: string;
  /** Open from the start: it was asked for before its code had come. */
  readonly startOpen?: boolean;
}

/** A few things one may do, behind one button. */
export function Menu(props: MenuProps) {
  const { label, name, children, className = 'button button-plain', startOpen = false } = props;
  return (
    <Radix.Root modal={false} defaultOpen={startOpen}>
      <Radix.Trigger className={className} aria-label={name}>
        {label}
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className="menu" align="end" sideOffset={6} collisionPadding={8}>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface MenuItemProps {
  readonly onPress: () => void;
  readonly children: ReactNode;
  /** Why it cannot be chosen now. */
  readonly reason?: string | null;
}

export function MenuItem({ onPress, children, reason = null }: MenuItemProps) {
  return (
    <Radix.Item className="menu-item" disabled={reason !== null} onSelect={onPress}>
      {children}
      {reason === null ? null : <span className="menu-reason">{reason}</span>}
    </Radix.Item>
  );
}

export function MenuLink({ href, children }: { readonly href: string; readonly children: string }) {
  return (
    <Radix.Item className="menu-item" asChild>
      <a href={href}>{children}</a>
    </Radix.Item>
  );
}

export function MenuLine() {
  return <Radix.Separator className="menu-line" />;
}
