import { type Chance, counted, digestOf, moment, STEPS } from './chance.ts';
import type { Catalogue, EvaluationFact, Judgements, Status, Verdicts } from './facts.ts';

const STATUSES: Status[] = ['not_affected', 'affected', 'fixed', 'under_investigation'];
const uuidOf = (kind: number, n: number) => `00000000-0000-4000-8000-${kind}${String(n).padStart(11, '0')}`;

/** Annotations of people, and statements of imported documents. */
export function generateJudgements(chance: Chance, catalogue: Catalogue): Judgements {
  const { images, packages, vulnerabilities, tags, accounts } = catalogue;
  const ids = [...new Set(vulnerabilities.flatMap(({ id, detail }) => [id, ...detail.aliases]))];
  // An image has one annotation of a subject.
  const subjects = new Set<string>();
  const annotations = counted(10).flatMap((n) => {
    const image = chance.pick(images);
    const pkg = chance.often(0.5) ? chance.pick(packages) : undefined;
    const vulnerability_id = chance.often(0.2) ? chance.pick(ids).toLowerCase() : chance.pick(ids);
    const subject = [image.account, image.digest, vulnerability_id, pkg?.name, pkg?.version, pkg?.type].join('\n');
    if (subjects.has(subject)) return [];
    subjects.add(subject);
    return [
      {
        ...{ uuid: uuidOf(1, n), account: image.account, digest: image.digest, vulnerability_id },
        ...{ package_name: pkg?.name ?? null, package_version: pkg?.version ?? null, package_type: pkg?.type ?? null },
        ...{ status: chance.pick(STATUSES), created_at: moment(chance.whole(STEPS)) },
      },
    ];
  });
  const documents = counted(3).map((n) => ({
    uuid: uuidOf(2, n),
    account: chance.pick(accounts),
    created_at: moment(n),
  }));
  const statements = counted(8).map((n) => {
    const document = chance.pick(documents);
    const own = images.filter(({ account }) => account === document.account);
    const image = own.length > 0 && chance.often(0.6) ? chance.pick(own) : undefined;
    const named = image && tags.find((tag) => tag.account === image.account && tag.digest === image.digest);
    return {
      ...{ id: n + 1, account: document.account, document_uuid: document.uuid, status: chance.pick(STATUSES) },
      ids: [chance.pick(ids), ...(chance.often(0.3) ? [chance.pick(ids).toLowerCase()] : [])],
      stated_at: chance.often(0.8) ? moment(chance.whole(5)) : null,
      image:
        named && chance.often(0.5) ? `${named.registry}/${named.repository}:${named.tag}` : (image?.digest ?? null),
      purls:
        image && chance.often(0.5) ? [] : packages.flatMap(({ purl }) => (purl && chance.often(0.2) ? [purl] : [])),
    };
  });
  return { annotations, documents, statements };
}

/** Policies that judge, that judged, and that are gone, with what they said of tags. */
export function generateVerdicts(chance: Chance, { accounts, tags, images }: Catalogue): Verdicts {
  const policies = accounts.flatMap((account) => {
    const active = chance.pick(['one', 'two', 'none']);
    return ['one', 'two'].map((policy_id) => ({
      account,
      policy_id,
      name: `Policy ${policy_id}`,
      active: policy_id === active,
    }));
  });
  const subjects = [
    ...tags.map((tag) => ({
      account: tag.account,
      digest: tag.digest,
      tag: `${tag.registry}/${tag.repository}:${tag.tag}`,
    })),
    // By digest, without a tag that the catalogue has.
    ...chance
      .some(images, 0.3)
      .map(({ account, digest }) => ({ account, digest, tag: `other.local/x@${digestOf(7)}` })),
  ];
  let id = 0;
  const evaluations = subjects.flatMap((subject) =>
    counted(chance.whole(5)).map((): EvaluationFact => {
      const status = chance.pick(['pass', 'fail'] as const);
      const broken = chance.often(0.3);
      return {
        ...subject,
        ...{ id: ++id, status, broken, policy_id: chance.pick(['one', 'two', 'gone']) },
        policy_digest: chance.pick(['digest-one', 'digest-two', 'digest-old']),
        final_action_reason: chance.pick([
          'policy_evaluation',
          'policy_evaluation',
          status === 'pass' ? 'allowlisted' : 'denylisted',
        ] as const),
        ...{
          findings: chance.often(0.5) ? 0 : 3,
          by_active_policy: chance.often(0.6),
          evaluated_at: moment(chance.whole(20)),
        },
      };
    }),
  );
  return { policies, evaluations };
}
