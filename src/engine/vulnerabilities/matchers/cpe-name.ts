/** A CPE name; '' = any, `-` = not applicable. All fields in lower case, unescaped. */
export interface CpeName {
  part: string;
  vendor: string;
  product: string;
  version: string;
  update: string;
  edition: string;
  language: string;
  softwareEdition: string;
  targetSoftware: string;
  targetHardware: string;
  other: string;
}

/** Splits at colons that are not escaped. */
function fields(text: string): string[] {
  const parts: string[] = [];
  let current = '';
  for (let i = 0; i < text.length; i++) {
    const character = text[i] ?? '';
    if (character === '\\' && i + 1 < text.length) current += character + (text[++i] ?? '');
    else if (character === ':') {
      parts.push(current);
      current = '';
    } else current += character;
  }
  parts.push(current);
  return parts;
}

function plain(value: string | undefined): string {
  if (value === undefined || value === '*') return '';
  return value.replace(/\\(.)/gs, '$1').toLowerCase();
}

const cache = new Map<string, CpeName | undefined>();

/** Parses a CPE 2.3 formatted string or a CPE 2.2 URI (NISTIR 7695). Undefined when it is neither. */
export function parseCpe(text: string): CpeName | undefined {
  if (cache.has(text)) return cache.get(text);
  if (cache.size > 20_000) cache.clear();
  const parsed = text.startsWith('cpe:2.3:')
    ? formatted(text.slice(8))
    : text.startsWith('cpe:/')
      ? uri(text.slice(5))
      : undefined;
  cache.set(text, parsed);
  return parsed;
}

function formatted(text: string): CpeName | undefined {
  const parts = fields(text);
  if (parts.length < 3) return undefined;
  const [
    part,
    vendor,
    product,
    version,
    update,
    edition,
    language,
    softwareEdition,
    targetSoftware,
    targetHardware,
    other,
  ] = parts.map(plain);
  return cpe(
    part,
    vendor,
    product,
    version,
    update,
    edition,
    language,
    softwareEdition,
    targetSoftware,
    targetHardware,
    other,
  );
}

function uri(text: string): CpeName | undefined {
  const parts = text.split(':').map((value) => {
    try {
      return decodeURIComponent(value).toLowerCase();
    } catch {
      return value.toLowerCase();
    }
  });
  if (parts.length < 3) return undefined;
  const [part, vendor, product, version, update, edition, language] = parts;
  const packed = edition?.startsWith('~') ? edition.split('~') : undefined;
  if (!packed) return cpe(part, vendor, product, version, update, edition, language);
  return cpe(part, vendor, product, version, update, packed[1], language, packed[2], packed[3], packed[4], packed[5]);
}

function cpe(...values: (string | undefined)[]): CpeName {
  const [
    part = '',
    vendor = '',
    product = '',
    version = '',
    update = '',
    edition = '',
    language = '',
    softwareEdition = '',
    targetSoftware = '',
    targetHardware = '',
    other = '',
  ] = values;
  return {
    part,
    vendor,
    product,
    version,
    update,
    edition,
    language,
    softwareEdition,
    targetSoftware,
    targetHardware,
    other,
  };
}
