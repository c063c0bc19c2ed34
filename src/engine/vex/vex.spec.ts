import { describe, expect, it } from 'vitest';
import { findStatement, type VexSubject } from './apply.ts';
import { cyclonedxVex } from './cyclonedx.ts';
import { cyclonedxVexXml } from './cyclonedx-xml.ts';
import { type ImageVex, imagePurl } from './image-vex.ts';
import { openvex } from './openvex.ts';
import { purlMatches } from './purl-match.ts';
import { readVex } from './read.ts';
import { VEX_JUSTIFICATIONS, VEX_STATUSES } from './types.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const PURL = 'pkg:deb/debian/openssl@3.0.9-1?arch=amd64&distro=debian-12';
const image = { digests: [DIGEST], tags: ['registry.example.org/team/app:1'] };
const subject: VexSubject = { vulnerabilities: ['CVE-2023-5363'], purl: PURL, version: '3.0.9-1' };

function vex(changes: Partial<ImageVex['statements'][number]> = {}): ImageVex {
  return {
    digest: DIGEST,
    tags: ['registry.example.org/team/app:1'],
    architecture: 'amd64',
    author: 'Example & Söhne',
    toolVersion: '1',
    since: '2026-01-01T00:00:00.000Z',
    statements: [
      {
        uuid: '11111111-1111-4111-8111-111111111111',
        vulnerability: 'CVE-2023-5363',
        aliases: ['DSA-5532-1'],
        packages: [{ name: 'openssl', version: '3.0.9-1', purl: PURL }],
        status: 'not_affected',
        justification: 'vulnerable_code_not_in_execute_path',
        impactStatement: 'never <called>',
        created: '2026-01-02T00:00:00.000Z',
        updated: '2026-01-03T00:00:00.000Z',
        version: 2,
        ...changes,
      },
    ],
  };
}

const WRITERS: [string, (input: ImageVex) => string][] = [
  ['OpenVEX', (input) => JSON.stringify(openvex(input))],
  ['CycloneDX JSON', (input) => JSON.stringify(cyclonedxVex(input))],
  ['CycloneDX XML', (input) => cyclonedxVexXml(cyclonedxVex(input))],
];

describe.each(WRITERS)('%s', (name, write) => {
  it('is read back as it was written, and applies to the same package of the image alone', () => {
    const { statements, author, issuedAt, problems } = readVex(write(vex()));
    expect([author, issuedAt, problems]).toEqual(['Example & Söhne', '2026-01-03T00:00:00.000Z', []]);
    expect(statements).toMatchObject([
      {
        vulnerabilities: ['CVE-2023-5363', 'DSA-5532-1'],
        status: 'not_affected',
        justification: 'vulnerable_code_not_in_execute_path',
        impactStatement: 'never <called>',
        timestamp: '2026-01-03T00:00:00.000Z',
      },
    ]);
    expect(findStatement(statements, image, subject)?.status).toBe('not_affected');
    const other = { digests: [`sha256:${'b'.repeat(64)}`], tags: [] };
    expect(findStatement(statements, other, subject)).toBeUndefined();
    expect(findStatement(statements, image, { ...subject, purl: PURL.replace('openssl', 'bash') })).toBeUndefined();
    expect(findStatement(statements, image, { ...subject, vulnerabilities: ['CVE-1'] })).toBeUndefined();
    expect(findStatement(statements, image, { ...subject, vulnerabilities: ['DSA-5532-1'] })).toBeDefined();
  });

  it.each(VEX_STATUSES)('keeps the status %s', (status) => {
    const { statements } = readVex(write(vex({ status })));
    expect(statements[0]!.status).toBe(status);
  });

  it.each(VEX_JUSTIFICATIONS)('keeps the justification %s as far as its form has one', (justification) => {
    const status = justification === 'fix_not_planned' ? 'affected' : 'not_affected';
    const [statement] = readVex(write(vex({ status, justification }))).statements;
    if (name === 'OpenVEX' && justification === 'fix_not_planned')
      expect(statement).toMatchObject({ actionStatement: 'No fix is planned.' });
    else expect(statement!.justification).toBe(justification);
  });

  it('speaks of the whole image when no package is named', () => {
    const { statements } = readVex(write(vex({ packages: null })));
    expect(findStatement(statements, image, { ...subject, purl: 'pkg:npm/x@1' })).toBeDefined();
  });

  it('writes equal bytes for equal input', () => expect(write(vex())).toBe(write(vex())));
});

describe('OpenVEX', () => {
  it('states what the specification demands beside a status', () => {
    const of = (changes: Parameters<typeof vex>[0]) => openvex(vex(changes)).statements[0];
    const { impactStatement: _, justification: __, ...bare } = vex().statements[0]!;
    const [{ ...first }] = openvex({ ...vex(), statements: [bare] }).statements as unknown as [Record<string, unknown>];
    expect(first.impact_statement).toMatch(/./);
    expect(of({ status: 'affected' })).toMatchObject({ action_statement: expect.stringMatching(/./) });
    expect(of({ status: 'affected' })).not.toHaveProperty('justification');
  });
});

describe('findStatement', () => {
  const statement = (id: string, timestamp: string, status: (typeof VEX_STATUSES)[number] = 'fixed') => ({
    vulnerabilities: ['CVE-2023-5363'],
    products: [{ purls: [], digests: [], names: [], cpes: [], subcomponents: [], ...(PRODUCTS[id] ?? {}) }],
    status,
    timestamp,
  });
  const PRODUCTS: Record<string, object> = {
    tag: { names: ['registry.example.org/team/app:1'] },
    repository: { names: ['registry.example.org/team/app'] },
    'other tag': { names: ['registry.example.org/team/app:2'] },
    digest: { digests: [DIGEST] },
    pinned: { names: [`anything@${DIGEST}`] },
    'oci purl': { purls: [imagePurl({ digest: DIGEST, tags: [] })] },
    'oci purl encoded': { purls: [`pkg:oci/app@sha256%3A${'a'.repeat(64)}`] },
    'oci purl of a repository': { purls: ['pkg:oci/app?repository_url=registry.example.org/team/app'] },
    'oci purl of a parent': { purls: ['pkg:oci/app?repository_url=registry.example.org/team&tag=1'] },
    'oci purl elsewhere': { purls: ['pkg:oci/app?repository_url=other.example.org/team/app'] },
    'oci purl of another digest': {
      purls: [`pkg:oci/app@sha256:${'b'.repeat(64)}?repository_url=registry.example.org/team/app`],
    },
    'a package': { purls: ['pkg:deb/debian/openssl@3.0.9-1'] },
    'a package, any version': { purls: ['pkg:deb/debian/openssl'] },
    'a package, other version': { purls: ['pkg:deb/debian/openssl@3.0.10-1'] },
    'a package, other distribution': { purls: ['pkg:deb/ubuntu/openssl@3.0.9-1'] },
    'a distribution by CPE': {
      cpes: ['cpe:/o:debian:debian_linux:12'],
      subcomponents: [{ purls: ['pkg:deb/debian/openssl@3.0.9-1'], digests: [], names: [], cpes: [] }],
    },
    'a distribution by CPE, no version': {
      cpes: ['cpe:/o:debian:debian_linux:12'],
      subcomponents: [{ purls: ['pkg:deb/debian/openssl'], digests: [], names: [], cpes: [] }],
    },
    nothing: {},
  };
  it.each([
    ['tag', true],
    ['repository', true],
    ['other tag', false],
    ['digest', true],
    ['pinned', true],
    ['oci purl', true],
    ['oci purl encoded', true],
    ['oci purl of a repository', true],
    ['oci purl of a parent', true],
    ['oci purl elsewhere', false],
    ['oci purl of another digest', false],
    ['a package', true],
    ['a package, any version', true],
    ['a package, other version', false],
    ['a package, other distribution', false],
    ['a distribution by CPE', true],
    ['a distribution by CPE, no version', false],
    ['nothing', false],
  ])('product %s: %s', (id, expected) => {
    expect(findStatement([statement(id, '')], image, subject) !== undefined).toBe(expected);
  });
  it('takes the newest', () => {
    const chosen = findStatement(
      [
        statement('digest', '2026-02-01', 'affected'),
        statement('tag', '2026-03-01', 'fixed'),
        statement('tag', '2026-01-01'),
      ],
      image,
      subject,
    );
    expect(chosen?.timestamp).toBe('2026-03-01');
  });
});

describe('purlMatches', () => {
  it.each([
    ['pkg:pypi/My_Package@1.0', 'pkg:pypi/my-package@1.0', true],
    ['pkg:npm/%40scope/lib', 'pkg:npm/%40scope/lib@1.2.3', true],
    ['pkg:npm/lib', 'pkg:npm/%40scope/lib@1.2.3', false],
    ['pkg:golang/Example.com/A@v1', 'pkg:golang/example.com/A@v1', false],
    [
      'pkg:rpm/redhat/openssl@3.0.7-24.el9?arch=x86_64&epoch=1',
      'pkg:rpm/redhat/openssl@3.0.7-24.el9?arch=x86_64&epoch=1&distro=rhel-9.4',
      true,
    ],
    ['pkg:rpm/redhat/openssl@1:3.0.7-24.el9', 'pkg:rpm/redhat/openssl@3.0.7-24.el9?epoch=1', true],
    ['pkg:rpm/redhat/openssl@3.0.7-24.el9?epoch=2', 'pkg:rpm/redhat/openssl@3.0.7-24.el9?epoch=1', false],
    ['pkg:rpm/redhat/openssl@3.0.7-24.el9?arch=aarch64', 'pkg:rpm/redhat/openssl@3.0.7-24.el9?arch=x86_64', false],
    ['pkg:deb/debian/a@1?download_url=x', 'pkg:deb/debian/a@1', true],
    ['no purl', 'pkg:deb/debian/a@1', false],
  ])('%s, %s: %s', (stated, found, expected) => expect(purlMatches(stated, found)).toBe(expected));
});

describe('readVex', () => {
  const csaf = {
    document: {
      category: 'csaf_vex',
      csaf_version: '2.0',
      publisher: { name: 'Vendor PSIRT', category: 'vendor', namespace: 'https://vendor.example' },
      tracking: { id: 'VEX-1', version: '3', current_release_date: '2026-02-01T00:00:00Z' },
    },
    product_tree: {
      branches: [
        {
          category: 'vendor',
          name: 'Vendor',
          branches: [
            {
              category: 'product_name',
              name: 'OS',
              product: { product_id: 'os', name: 'OS 9', product_identification_helper: { cpe: 'cpe:/o:vendor:os:9' } },
            },
            {
              category: 'product_version',
              name: 'openssl',
              product: { product_id: 'ssl', name: 'openssl', product_identification_helper: { purl: PURL } },
            },
            { category: 'product_version', name: 'x', product: { product_id: 'bare', name: 'x' } },
          ],
        },
      ],
      relationships: [
        {
          category: 'default_component_of',
          product_reference: 'ssl',
          relates_to_product_reference: 'os',
          full_product_name: { product_id: 'os:ssl', name: 'openssl of OS 9' },
        },
      ],
      product_groups: [{ group_id: 'g', product_ids: ['os:ssl'] }],
    },
    vulnerabilities: [
      {
        cve: 'CVE-2023-5363',
        product_status: { known_not_affected: ['os:ssl', 'bare'] },
        flags: [{ label: 'component_not_present', group_ids: ['g'] }],
        threats: [{ category: 'impact', details: 'not built in', product_ids: ['os:ssl'] }],
      },
      {
        cve: 'CVE-2',
        product_status: { known_affected: ['ssl'] },
        remediations: [{ category: 'no_fix_planned', details: 'out of support', product_ids: ['ssl'] }],
      },
    ],
  };
  it('reads CSAF with branches, relations, groups, flags, threats and remediations', () => {
    const document = readVex(JSON.stringify(csaf));
    expect(document).toMatchObject({ format: 'csaf', id: 'VEX-1', author: 'Vendor PSIRT', version: '3' });
    expect(document.problems).toHaveLength(1);
    expect(document.statements).toMatchObject([
      { status: 'not_affected', justification: 'component_not_present', impactStatement: 'not built in' },
      { status: 'affected', justification: 'fix_not_planned', actionStatement: 'out of support' },
    ]);
    expect(findStatement(document.statements, undefined, subject)?.status).toBe('not_affected');
  });
  it('reads older OpenVEX with products as texts', () => {
    const { statements } = readVex(
      JSON.stringify({
        '@context': 'https://openvex.dev/ns',
        '@id': 'https://example.org/vex/1',
        author: 'me',
        timestamp: '2026-01-01T00:00:00Z',
        version: '1',
        statements: [{ vulnerability: 'CVE-2023-5363', products: [PURL], status: 'fixed' }],
      }),
    );
    expect(findStatement(statements, undefined, subject)).toMatchObject({
      status: 'fixed',
      timestamp: '2026-01-01T00:00:00.000Z',
    });
  });
  it.each([
    ['nothing', '', /neither JSON nor XML/],
    ['a list', '[]', /not a JSON object/],
    ['something else', '{"a":1}', /neither OpenVEX, nor CSAF/],
    ['an SBOM', '{"bomFormat":"CycloneDX","vulnerabilities":[{"id":"CVE-1"}]}', /no statement that could be used/],
    ['a document type', '<!DOCTYPE a [<!ENTITY b "c">]><bom>&b;</bom>', /document type/],
    ['broken XML', '<bom><a></bom>', /not well-formed/],
    ['another XML', '<html/>', /no CycloneDX/],
    ['old CSAF', '{"document":{"csaf_version":"1.0"}}', /version 2/],
    ['wrong status', '{"@context":"openvex","statements":[{"status":"maybe"}]}', /status "maybe"/],
  ])('refuses %s', (_, input, message) => expect(() => readVex(input)).toThrow(message));
  it('does not follow endless nesting', () => {
    let branch: object = {};
    for (let i = 0; i < 500; i += 1) branch = { branches: [branch] };
    expect(
      readVex(
        JSON.stringify({
          ...csaf,
          product_tree: { ...csaf.product_tree, branches: [...csaf.product_tree.branches, branch] },
        }),
      ).statements,
    ).toHaveLength(2);
  });
});
