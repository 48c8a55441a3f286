import { Note } from '../../ui/note.tsx';

/** Says that the page's own check proves nothing against its server, and what does. */
export function TrustNote() {
  return (
    <Note title="Who checked this?">
      <p className="small">
        This script came from the same server as the data, so it proves nothing against a server
        that lies. To check without trusting it, save both files and open them in the{' '}
        <CheckerLink />. Compare its SHA-256 with the digest published in the source code
        (docs/checker.sha256):
      </p>
      <CheckerDigest />
    </Note>
  );
}

/** Downloads the offline checker. */
export function CheckerLink() {
  return (
    <a href="/checker.html" download="breakwater-checker.html">
      checker, one file that works offline
    </a>
  );
}

/** The digest a downloaded checker must have. */
export function CheckerDigest() {
  return (
    <p className="small">
      <code className="whole-digest">{__CHECKER_SHA256__}</code>
    </p>
  );
}
