import { type Chance, counted, digestOf, moment, STEPS } from './chance.ts';
import type {
  AnalysisFact,
  Catalogue,
  ContainedFact,
  ImageFact,
  MatchFact,
  PackageFact,
  TagFact,
  VulnerabilityFact,
} from './facts.ts';

export const SEVERITIES = ['Critical', 'High', 'Medium', 'Low', 'Negligible', 'Unknown'] as const;
const NAMESPACES = ['debian:distro:debian:12', 'github:language:python', 'nvd:cpe'];
const IDS = ['CVE-2026-1', 'CVE-2026-10', 'CVE-2026-9', 'CVE-2025_4%', 'GHSA-aa11-bb22-cc33', 'RHSA-2026:7', 'ALAS-3'];
const TYPES = ['deb', 'rpm', 'apk', 'python', 'npm', 'java-archive', 'go-module', 'dotnet', 'binary'];
const MARKED = 'anchore.user/marked_base_image';
const OS = new Set(['deb', 'rpm', 'apk']);

const likelihood = (chance: Chance, cve: string) => ({
  cve,
  score: chance.whole(11) / 10,
  percentile: chance.whole(11) / 10,
});

function vulnerabilitiesOf(chance: Chance): VulnerabilityFact[] {
  return IDS.flatMap((id) => {
    const namespaces = chance.some(NAMESPACES, 0.5);
    const recorded = namespaces.length > 0 ? namespaces : [chance.pick(NAMESPACES)];
    const rated = recorded.map((namespace) => ({ id, namespace, severity: chance.pick(SEVERITIES) }));
    return rated.map((record) => ({
      ...record,
      detail: {
        ...{ ...record, cwes: [] },
        links: chance.often(0.5)
          ? chance.some([`https://a.example/${id}`, 'https://b.example/', 'https://c.example/'], 0.7)
          : [],
        aliases: chance.often(0.4) ? [chance.pick(['CVE-2024-77', 'CVE-2026-10', 'GHSA-zz99-yy88-xx77'])] : [],
        cvss: chance.some(['2.0', '3.0', '3.1', '3.1', '4.0'], 0.4).map((version) => ({
          ...{ version, vector: 'x', baseScore: chance.whole(101) / 10 },
        })),
        ...(chance.often(0.3) ? { kev: { cve: id, ransomware: false } } : {}),
        ...(chance.often(0.6) ? { epss: likelihood(chance, id) } : {}),
      },
    }));
  });
}

function packagesOf(chance: Chance): PackageFact[] {
  return counted(14).map((n) => {
    const [type, name, version] = [chance.pick(TYPES), chance.pick(['openssl', 'zlib', 'we_ird%']), `1.${n % 3}`];
    return {
      ...{ id: n + 1, type, name, version },
      purl: chance.often(0.8) ? `pkg:generic/${name.replace('%', '')}@${version}?n=${n}` : null,
      matchable: { ruledOut: OS.has(type) ? chance.some([...IDS, 'CVE-2024-77'], 0.3) : [] },
    };
  });
}

function matchesOf(chance: Chance, packages: PackageFact[], vulnerabilities: VulnerabilityFact[]): MatchFact[] {
  let id = 0;
  const row = (
    pkg: PackageFact,
    record: VulnerabilityFact,
    opened: number,
    closed: number | null,
    seen: number,
  ): MatchFact => {
    const fix_state = chance.pick(['fixed', 'not-fixed', 'wont-fix', 'unknown']);
    const fix_versions = fix_state === 'fixed' || chance.often(0.2) ? chance.some(['2.0', '2.1'], 0.7) : [];
    const { id: vulnerability, namespace } = record;
    return {
      ...{ id: ++id, package_id: pkg.id, vulnerability, namespace, fix_state, fix_versions },
      evidence: {
        ...{
          vulnerability,
          namespace,
          aliases: record.detail.aliases,
          scheme: 'semver',
          searchedBy: { version: pkg.version },
        },
        fix: { state: fix_state, versions: fix_versions },
      },
      ...{ first_seen_at: moment(seen), opened_at: moment(opened), closed_at: closed === null ? null : moment(closed) },
    };
  };
  return packages.flatMap((pkg) =>
    chance.some(vulnerabilities, 0.35).flatMap((record) => {
      const seen = chance.whole(STEPS / 2);
      const past = chance.often(0.3) ? [row(pkg, record, seen, seen + 20, seen)] : [];
      return past.length > 0 && chance.often(0.5) ? past : [...past, row(pkg, record, seen + 30, null, seen)];
    }),
  );
}

function analysesOf(chance: Chance): AnalysisFact[] {
  return counted(7).map((n) => ({
    ...{ id: n + 1, digest: digestOf(n + 1), image_id: `id-${n}`, arch: chance.pick([null, 'amd64', 'arm64']) },
    // The first are bases of the others, the second of them is built on the first.
    layer_digests:
      n === 0
        ? ['l0']
        : n === 1
          ? ['l0', 'l1']
          : n === 2
            ? ['k0']
            : [...chance.pick([['l0', 'l1'], ['l0'], ['k0']]), `m${n}`],
  }));
}

function containedOf(chance: Chance, analyses: AnalysisFact[], packages: PackageFact[]): ContainedFact[] {
  return analyses.flatMap(({ id }) => {
    const of = chance
      .some(packages, 0.4)
      .flatMap((pkg) => counted(chance.often(0.2) ? 2 : 1).map((copy) => ({ pkg, copy })));
    const documents = of.map(({ pkg, copy }) => ({ pkg, document_id: `d${pkg.id}-${copy}` }));
    return documents.map(({ pkg, document_id }): ContainedFact => {
      const owned = chance.often(0.4) ? chance.pick(documents) : undefined;
      const owner = owned && owned.document_id !== document_id ? owned : undefined;
      // A program file is left to the OS package that owns it, whatever the distribution.
      const left = pkg.type === 'binary' && owner !== undefined && OS.has(owner.pkg.type);
      return {
        ...{ analysis_id: id, package_id: pkg.id, document_id, path: `/p/${chance.whole(3)}` },
        owned_by: owner?.document_id ?? null,
        left_to_owner: chance.often(0.05) || left,
      };
    });
  });
}

function imagesOf(chance: Chance, accounts: string[], analyses: AnalysisFact[]): ImageFact[] {
  let made = 0;
  return accounts.flatMap((account) => {
    const analysed = chance.some(analyses, 0.8).map(
      (analysis): ImageFact => ({
        ...{ account, digest: analysis.digest, image_id: analysis.image_id, analysis_id: analysis.id },
        parent_digest: chance.pick([null, analysis.digest, digestOf(500 + chance.whole(2))]),
        image_status: chance.often(0.1) ? 'deleting' : 'active',
        analysis_status: 'analyzed',
        annotations: chance.often(0.2) ? { [MARKED]: 'true' } : {},
        ...{ created_at: moment(++made), analyzed_at: moment(chance.whole(STEPS / 2)) },
      }),
    );
    const waiting = counted(2).map(
      (n): ImageFact => ({
        ...{ account, digest: digestOf(50 + n), image_id: null, analysis_id: null, annotations: {} },
        parent_digest: chance.often(0.5) ? digestOf(500) : null,
        image_status: chance.often(0.1) ? 'deleting' : 'active',
        analysis_status: chance.pick(['analyzing', 'not_analyzed', 'analysis_failed'] as const),
        ...{ created_at: moment(++made), analyzed_at: null },
      }),
    );
    return [...analysed, ...waiting];
  });
}

/** Each tag is moved from image to image over time; some were deleted in the end. */
function tagsOf(chance: Chance, images: ImageFact[]): TagFact[] {
  let id = 0;
  const accounts = [...new Set(images.map(({ account }) => account))];
  return accounts.flatMap((account) => {
    const digests = images.filter((image) => image.account === account).map(({ digest }) => digest);
    const tagged = chance.some(digests, 0.7);
    if (tagged.length === 0) return [];
    return counted(9)
      .flatMap((n) => {
        const name = {
          ...{ account, tag: chance.pick(['latest', '1.0', 'rc_1', `t${n}`]) },
          registry: chance.pick(['docker.io', 'registry.local:5000']),
          repository: chance.pick(['library/node', 'redis', 'team/app']),
          moves: counted(1 + chance.whole(3)),
          deleted: chance.often(0.25),
          start: chance.whole(STEPS / 2),
        };
        return [name];
      })
      .filter(
        (name, at, all) =>
          all.findIndex(
            (one) => one.registry === name.registry && one.repository === name.repository && one.tag === name.tag,
          ) === at,
      )
      .flatMap(({ moves, deleted, start, ...name }) =>
        moves.map(
          (move): TagFact => ({
            ...name,
            ...{ id: ++id, digest: chance.pick(tagged), detected_at: moment(start + move * 10) },
            closed_at: move < moves.length - 1 || deleted ? moment(start + move * 10 + 10) : null,
          }),
        ),
      );
  });
}

/** What is known of images, whatever happened to them. */
export function generateCatalogue(chance: Chance): Catalogue {
  const accounts = ['acme', 'b-team', 'empty'];
  const vulnerabilities = vulnerabilitiesOf(chance);
  const packages = packagesOf(chance);
  const analyses = analysesOf(chance);
  const contained = containedOf(chance, analyses, packages);
  const images = imagesOf(chance, accounts.slice(0, 2), analyses);
  const corrected = contained.filter(({ analysis_id }) =>
    images.some((image) => image.account === 'acme' && image.analysis_id === analysis_id),
  );
  return {
    ...{ accounts, vulnerabilities, packages, analyses, contained, images },
    presentEpss: new Map(
      chance.some(vulnerabilities, 0.3).map(({ id, namespace }) => [`${id}\n${namespace}`, likelihood(chance, id)]),
    ),
    matches: matchesOf(chance, packages, vulnerabilities),
    overrides: chance.some(corrected, 0.2).map(({ analysis_id, document_id, package_id }) => {
      const { type } = packages.find(({ id }) => id === package_id)!;
      const others = packages.filter((pkg) => pkg.type === type);
      return { account: 'acme', analysis_id, document_id, package_id: chance.pick(others).id };
    }),
    tags: tagsOf(chance, images),
  };
}
