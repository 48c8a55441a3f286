const shades: Readonly<Record<string, string>> = {
  RED: 'tlp-red',
  AMBER: 'tlp-amber',
  'AMBER+STRICT': 'tlp-amber',
  GREEN: 'tlp-green',
  CLEAR: 'tlp-clear',
};

/** What each label allows, in one line (TLP 2.0, definitions). */
const means: Readonly<Record<string, string>> = {
  RED: 'for the eyes of those who received it, nobody else',
  AMBER: 'within your organization and its clients, on a need to know',
  'AMBER+STRICT': 'within your organization only, on a need to know',
  GREEN: 'within your community, not in public',
  CLEAR: 'no limit',
};

/** A TLP 2.0 label as FIRST writes it; the words carry it, the color repeats them. */
export function TlpLabel({ label }: { readonly label: string }) {
  return (
    <span className={`tlp ${shades[label] ?? 'tlp-clear'}`} title={means[label]}>
      TLP:{label}
    </span>
  );
}
