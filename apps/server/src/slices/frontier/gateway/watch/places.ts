import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { ok, type Result, refuse } from '@breakwater/kernel';
import { plainAddress } from '../../../../platform/edge/addresses.ts';

/** Where the operator's own table says that addresses of a network are. Degrees, WGS 84. */
export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** Addresses that the table knows. */
export interface Places {
  /** null: the table does not say. The first network that has the address counts. */
  of(address: string): Place | null;
}

export const noPlaces: Places = { of: () => null };

/** Networks in a table; each look-up goes through them. */
const linesMax = 1_000;

/**
 * Parses a table of places: lines of `network,latitude,longitude`, such as `192.0.2.0/24,48.2,16.4`;
 * empty lines and lines from `#` on are passed over. Refuses with `places-malformed` and the line.
 */
export function parsePlaces(text: string): Result<Places> {
  const lines = text.split('\n', linesMax + 2).map((line) => line.trim());
  const rows: { readonly list: BlockList; readonly place: Place }[] = [];
  for (const [index, line] of lines.entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const row = rowOf(line);
    if (row === null || rows.length === linesMax) return refuse(malformed(index + 1, rows.length));
    rows.push(row);
  }
  return ok({
    of(address) {
      const plain = plainAddress(address);
      if (plain === null) return null;
      const family = isIPv4(plain) ? 'ipv4' : 'ipv6';
      return rows.find(({ list }) => list.check(plain, family))?.place ?? null;
    },
  });
}

function rowOf(line: string) {
  const [network = '', latitude = '', longitude = '', ...more] = line.split(',');
  const [address = '', bits = '', ...rest] = network.trim().split('/');
  const family = isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : null;
  const place = { latitude: degrees(latitude, 90), longitude: degrees(longitude, 180) };
  const length = /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
  if (family === null || more.length + rest.length > 0) return null;
  if (!(length <= (family === 'ipv4' ? 32 : 128))) return null;
  if (place.latitude === null || place.longitude === null) return null;
  const list = new BlockList();
  list.addSubnet(address, length, family);
  return { list, place: { latitude: place.latitude, longitude: place.longitude } };
}

function degrees(text: string, most: number): number | null {
  if (!/^\s*-?\d{1,3}(?:\.\d{1,9})?\s*$/.test(text)) return null;
  const value = Number(text);
  return Math.abs(value) <= most ? value : null;
}

function malformed(line: number, rows: number) {
  return {
    code: 'places-malformed',
    expected: `at most ${linesMax} lines such as 192.0.2.0/24,48.2,16.4: network, latitude, longitude`,
    got: rows === linesMax ? `more of them, at line ${line}` : `another at line ${line}`,
    todo: 'correct the line, and start again',
  };
}

const earthRadiusKm = 6_371;

/** The way between two places along the surface, in kilometers (haversine). */
export function kilometersBetween(a: Place, b: Place): number {
  const radians = (value: number) => (value * Math.PI) / 180;
  const up = Math.sin(radians(b.latitude - a.latitude) / 2) ** 2;
  const across = Math.sin(radians(b.longitude - a.longitude) / 2) ** 2;
  const between = up + Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * across;
  return 2 * earthRadiusKm * Math.asin(Math.min(1, Math.sqrt(between)));
}
