import type { Distro } from '../../model/distro.ts';

/** Product names of one-line release files, longest match first, with the `ID` that os-release would use today. */
const PRODUCTS: readonly [RegExp, string, string[]][] = [
  [/^red hat enterprise linux|^red hat linux/i, 'rhel', ['fedora']],
  [/^centos/i, 'centos', ['rhel', 'fedora']],
  [/^rocky/i, 'rocky', ['rhel', 'centos', 'fedora']],
  [/^alma\s?linux/i, 'almalinux', ['rhel', 'centos', 'fedora']],
  [/^scientific/i, 'scientific', ['rhel', 'centos', 'fedora']],
  [/^(oracle|enterprise) linux/i, 'ol', ['fedora']],
  [/^fedora/i, 'fedora', []],
  [/^amazon/i, 'amzn', ['rhel', 'fedora']],
  [/^vmware photon/i, 'photon', []],
  [/^cbl-mariner|^mariner/i, 'mariner', []],
  [/^(microsoft )?azure linux/i, 'azurelinux', []],
  [/^opensuse/i, 'opensuse', ['suse']],
  [/^suse linux enterprise/i, 'sles', ['suse']],
];

/**
 * Reads a line like `CentOS release 5.11 (Final)` (redhat-release and its relatives). Undefined when the product is
 * not one we know: a wrong distribution is worse than none.
 */
export function distroOfReleaseLine(line: string, evidence: string): Distro | undefined {
  const text = line.trim();
  const product = PRODUCTS.find(([pattern]) => pattern.test(text));
  if (!product) return undefined;
  const version = /\brelease\s+(\d[\w.]*)/i.exec(text)?.[1] ?? /\s(\d+(?:\.\d+)*)\b/.exec(text)?.[1];
  const codename = /\(([^()]+)\)\s*$/.exec(text)?.[1];
  return {
    id: product[1],
    idLike: [...product[2]],
    name: text.replace(/\s+(release\s+)?\d.*$/i, ''),
    prettyName: text,
    evidence,
    ...(version ? { versionId: version } : {}),
    ...(codename ? { codename } : {}),
  };
}

/** Vendor and product of an operating-system CPE, with the `ID` of os-release. */
const CPE_PRODUCTS: Readonly<Record<string, string>> = {
  'redhat:enterprise_linux': 'rhel',
  'centos:linux': 'centos',
  'centos:centos': 'centos',
  'rocky:rocky': 'rocky',
  'almalinux:almalinux': 'almalinux',
  'oracle:linux': 'ol',
  'fedoraproject:fedora': 'fedora',
  'amazon:linux': 'amzn',
  'amazon:amazon_linux': 'amzn',
  'amazon_linux:amazon_linux': 'amzn',
};

/** Reads `/etc/system-release-cpe`: a CPE 2.2 URI (`cpe:/o:centos:linux:6:GA`) or a CPE 2.3 name. */
export function distroOfCpe(line: string, evidence: string): Distro | undefined {
  const parts = line
    .trim()
    .replace(/^cpe:2\.3:/i, '')
    .replace(/^cpe:\//i, '')
    .split(':');
  const [part, vendor = '', product = '', version = ''] = parts;
  const id = CPE_PRODUCTS[`${vendor}:${product}`.toLowerCase()];
  if (part !== 'o' || !id) return undefined;
  return {
    id,
    idLike: [],
    evidence,
    ...(/^\d/.test(version) ? { versionId: version } : {}),
  };
}

/** Reads `/etc/alpine-release`: a bare version. */
export function distroOfAlpineRelease(line: string, evidence: string): Distro | undefined {
  const version = line.trim();
  if (!/^\d+\.\d/.test(version)) return undefined;
  return {
    id: 'alpine',
    idLike: [],
    name: 'Alpine Linux',
    prettyName: `Alpine Linux v${version}`,
    versionId: version,
    evidence,
  };
}

/**
 * `VERSION_ID` and codename that `/etc/debian_version` stands for: `12.5` is release 12; `trixie/sid` and `sid` are
 * the moving suite, called unstable by the security tracker.
 */
export function debianVersion(line: string): { versionId?: string; codename?: string } {
  const text = line.trim();
  const release = /^(\d+)(?:\.\d+)*$/.exec(text);
  if (release) return { versionId: release[1] as string };
  const moving = /^([a-z]+)(?:\/sid)?$/.exec(text);
  if (!moving) return {};
  if (text.endsWith('sid'))
    return { versionId: 'unstable', ...(text === 'sid' ? {} : { codename: moving[1] as string }) };
  return { codename: moving[1] as string };
}
