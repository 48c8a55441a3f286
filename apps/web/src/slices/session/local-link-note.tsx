import { Note } from '../../ui/note.tsx';

/** Names under which a machine reaches itself and nobody reaches it (RFC 6761, section 6.3). */
const itself = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;

/** Says beside a link to be given away that it opens nowhere else; nothing where it does. */
export function LocalLinkNote({ link }: { readonly link: string }) {
  if (!itself.test(new URL(link).hostname)) return null;
  return (
    <Note tone="warn" title="It opens on this machine only">
      <p className="small">
        This installation has no address that others can reach. For people elsewhere, start it with{' '}
        <code>BREAKWATER_PUBLIC_URL</code> set to the address they shall use, then make the link
        again.
      </p>
    </Note>
  );
}
