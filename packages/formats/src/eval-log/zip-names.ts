import { fault } from './fault.ts';
import { evalLogLimits } from './limits.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The name of a member. Nothing here writes a file by it; whoever unpacks a log later must not be
 * led out of a folder by one that we took, so such names are refused.
 */
export function memberName(bytes: Uint8Array): string {
  if (bytes.length === 0 || bytes.length > evalLogLimits.nameBytesMax) {
    throw unsafe(`a name of ${bytes.length} bytes`);
  }
  let name: string;
  try {
    name = decoder.decode(bytes);
  } catch {
    throw unsafe('a name that is no UTF-8');
  }
  const climbs = name.split(/[/\\]/).some((part) => part === '..');
  if (climbs || /^[/\\]|^[A-Za-z]:|\p{Cc}/u.test(name)) throw unsafe(JSON.stringify(name));
  return name;
}

function unsafe(got: string) {
  return fault('name-unsafe', {
    expected: `names of members that stay where they are, of at most ${evalLogLimits.nameBytesMax} bytes`,
    got,
    todo: 'do not unpack this archive; ask whoever made it',
  });
}
