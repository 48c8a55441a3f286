/** Nothing from elsewhere, nothing inline, no framing. */
export const pagePolicy: string =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
  "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** What a page may ask of the device: a passkey, and to put text onto the clipboard. */
const permissions = [
  'accelerometer',
  'autoplay',
  'browsing-topics',
  'camera',
  'display-capture',
  'encrypted-media',
  'fullscreen',
  'geolocation',
  'gyroscope',
  'hid',
  'idle-detection',
  'local-fonts',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'picture-in-picture',
  'screen-wake-lock',
  'serial',
  'storage-access',
  'usb',
  'xr-spatial-tracking',
]
  .map((name) => `${name}=()`)
  .concat('clipboard-write=(self)', 'publickey-credentials-create=(self)')
  .concat('publickey-credentials-get=(self)')
  .join(', ');

const everywhere: Readonly<Record<string, string>> = {
  'content-security-policy': pagePolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'permissions-policy': permissions,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** Two years, as browsers' preload lists ask at least one (RFC 6797, 6.1). */
const onlyHttps = 'max-age=63072000';

/** The headers of every answer that does not set its own. */
export function securityHeaders(overHttps: boolean): readonly (readonly [string, string])[] {
  const all = overHttps ? { ...everywhere, 'strict-transport-security': onlyHttps } : everywhere;
  return Object.entries(all);
}
