import { Dialog } from '../ui/dialog.tsx';
import { shortcutsNow } from '../ui/keys.ts';

/** What the keyboard does on the page behind it. */
export default function KeyboardHelp({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      title="Keyboard"
      lede="On this page. Letters do nothing while you write."
    >
      <dl className="keys">
        {shortcutsNow().map(({ keys, label }) => (
          <div key={keys}>
            <dt>
              {keys.split(/[ +]/).map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{label}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
