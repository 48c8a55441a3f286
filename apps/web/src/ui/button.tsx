import type { ReactNode } from 'react';
import { useId } from 'react';

export type ButtonKind = 'plain' | 'first' | 'danger' | 'quiet';

interface ButtonProps {
  readonly children: ReactNode;
  readonly onPress?: () => void;
  readonly type?: 'button' | 'submit';
  /** `first`: the one thing to do here. `danger`: cannot be taken back. `quiet`: beside the point. */
  readonly kind?: ButtonKind;
  /** What it is doing now, such as `Sending…`; nothing can be pressed meanwhile. */
  readonly busy?: string | false;
  /** Why it cannot be pressed now. It stays in its place, and says so. */
  readonly reason?: string | null | undefined;
  /** For a screen reader, where the visible words need their place on the page to be understood. */
  readonly label?: string;
}

/** Something to press. What cannot be pressed stays where it is and gives its reason. */
export function Button(props: ButtonProps) {
  const { children, onPress, type = 'button', kind = 'plain', busy = false, label } = props;
  const id = useId();
  const reason = props.reason ?? null;
  return (
    <span className="button-place">
      <button
        type={type}
        className={`button button-${kind}`}
        disabled={busy !== false}
        aria-disabled={reason === null ? undefined : true}
        aria-describedby={reason === null ? undefined : id}
        aria-label={label}
        onClick={(event) => {
          if (reason !== null) event.preventDefault();
          else onPress?.();
        }}
      >
        {busy === false ? children : busy}
      </button>
      {reason === null ? null : (
        <span id={id} className="button-reason">
          {reason}
        </span>
      )}
    </span>
  );
}

interface ButtonLinkProps {
  readonly href: string;
  readonly kind?: ButtonKind;
  readonly children: ReactNode;
}

/** A way to another page that looks like something to press. */
export function ButtonLink({ href, kind = 'plain', children }: ButtonLinkProps) {
  return (
    <a href={href} className={`button button-${kind}`}>
      {children}
    </a>
  );
}

/** Buttons that belong together. */
export function Buttons({ children }: { readonly children: ReactNode }) {
  return <div className="buttons no-print">{children}</div>;
}
