import { ok, type Result } from '@breakwater/kernel';
import { decoded, encodeSegment } from './path.ts';
import { refusal } from './refusal.ts';
import type { ProductTarget } from './target.ts';

const nameMax = 200;

/** A product and the version its CPE name bears, if any. */
export interface ProductAndVersion {
  readonly target: ProductTarget;
  readonly version: string | null;
}

/**
 * Parses `product:vendor/name` or a CPE name (NISTIR 7695: formatted string 2.3, URI 2.2). Its part
 * (application, system, hardware) and its edition do not count.
 */
export function parseProduct(text: string): Result<ProductAndVersion, 'product-malformed'> {
  const parts = text.startsWith('cpe:2.3:')
    ? partsOfFormatted(text)
    : text.startsWith('cpe:/')
      ? partsOfUri(text)
      : partsOfText(text);
  const target = parts === null ? null : product(parts.vendor, parts.name);
  if (parts === null || target === null) return malformed(text);
  return ok({ target, version: parts.version });
}

/** The product of a vendor by both names in any spelling of CPE; null where one says nothing. */
export function product(vendor: string, name: string): ProductTarget | null {
  const [vendorName, productName] = [wellFormed(vendor), wellFormed(name)];
  if (vendorName === null || productName === null) return null;
  const path = `${encodeSegment(vendorName)}/${encodeSegment(productName)}`;
  return {
    kind: 'product',
    text: `product:${path}`,
    lineage: `product:${path}!`,
    vendor: vendorName,
    name: productName,
  };
}

/** NISTIR 7695 §5.3.2: values are in lower case and have an underscore for a space. */
function wellFormed(name: string): string | null {
  const value = name.normalize('NFC').trim().toLowerCase().replace(/\s+/gu, '_');
  if (value === '' || value === '*' || value === '-' || value.length > nameMax) return null;
  return value.isWellFormed() && !/\p{Cc}/u.test(value) ? value : null;
}

interface Parts {
  readonly vendor: string;
  readonly name: string;
  readonly version: string | null;
}

/** NISTIR 7695 §6.2: eleven values behind `cpe:2.3`, a backslash before what is not to be read. */
function partsOfFormatted(text: string): Parts | null {
  const body = text.slice('cpe:2.3:'.length);
  const values = body.match(/(?:\\.|[^:\\])+/gs) ?? [];
  if (values.length !== 11 || values.join(':') !== body) return null;
  const [part = '', vendor = '', name = '', version = ''] = values;
  if (!/^[aoh*-]$/.test(part) || isAny(vendor) || isAny(name)) return null;
  const [vendorName, productName] = [unescaped(vendor), unescaped(name)];
  return { vendor: vendorName, name: productName, version: versionOf(version) };
}

function isAny(value: string): boolean {
  return value === '*' || value === '-' || /(?<!\\)(?:\\\\)*[*?]/.test(value);
}

function unescaped(value: string): string {
  return value.replace(/\\(.)/gs, '$1');
}

/** NISTIR 7695 §6.1: values behind `cpe:/`, percent-encoded, those at the end may be left out. */
function partsOfUri(text: string): Parts | null {
  const values = text.slice('cpe:/'.length).split(':').map(decoded);
  const [part = null, vendor = null, name = null, version = ''] = values;
  if (part === null || vendor === null || name === null || version === null) return null;
  if (!/^[aoh]$/.test(part) || values.length > 7) return null;
  return { vendor, name, version: versionOf(version) };
}

function partsOfText(text: string): Parts | null {
  const values = text
    .replace(/^product:/, '')
    .split('/')
    .map(decoded);
  const [vendor = null, name = null] = values;
  if (vendor === null || name === null || values.length !== 2) return null;
  return { vendor, name, version: null };
}

/** ANY and NA choose no version. */
function versionOf(value: string): string | null {
  return value === '' || value === '*' || value === '-' ? null : unescaped(value);
}

function malformed(text: string) {
  return refusal('product-malformed', text, {
    expected: 'a product such as product:openssl/openssl, or a CPE name with vendor and product',
    todo: 'name both vendor and product; neither may stand for any',
  });
}
