import { type Chance, counted, moment, STEPS } from './chance.ts';
import { METRIC_IDS } from './collected-oracle.ts';
import type { Fleet } from './facts.ts';
import type { SentFilter } from './filter-oracle.ts';
import { SEVERITIES } from './generate-catalogue.ts';
import type { FilterKind } from './lists.ts';

type Value = (chance: Chance, fleet: Fleet) => unknown;
type Members = Record<string, Value>;

/** A text that occurs, or one with wildcards made of it, or one that does not occur. */
const textOf =
  (of: (fleet: Fleet) => readonly (string | null)[]): Value =>
  (chance, fleet) => {
    const known = of(fleet).filter((text) => text !== null);
    const text = known.length > 0 ? chance.pick(known) : 'none';
    const at = chance.whole(text.length + 1);
    const end = at + chance.whole(text.length + 1 - at);
    return chance.pick([
      ...[text, text, text, `${text.slice(0, at)}*`, `*${text.slice(at)}`, `${text.slice(0, at)}*${text.slice(end)}`],
      ...[
        `*${text.slice(at, end)}*`,
        '*',
        `*${text.slice(0, at)}**`,
        `${text.slice(0, at)}_${text.slice(at + 1)}`,
        '%',
        text.toUpperCase(),
      ],
    ]);
  };
const oneOf =
  (...values: unknown[]): Value =>
  (chance) =>
    chance.pick(values);
const flag = oneOf(true, false);
const someOf =
  (values: readonly unknown[]): Value =>
  (chance) =>
    chance.some(values, 0.4);
const days = oneOf(0, 1, 7, 20, 45, 70);

/** A moment in the spellings that are taken. */
const time =
  (from: number, to: number): Value =>
  (chance) => {
    const iso = moment(from + chance.whole(to - from));
    const ahead = new Date(Date.parse(iso) + 2 * 3_600_000).toISOString();
    return chance.pick([
      iso,
      iso.slice(0, -1),
      iso.slice(0, -5),
      `${iso.slice(0, -1)}000Z`,
      `${ahead.slice(0, -1)}+02:00`,
      iso.slice(0, 10),
    ]);
  };
const range: Value = (chance) =>
  Object.fromEntries(chance.some(['gte', 'gt', 'lte', 'lt'], 0.4).map((kind) => [kind, chance.whole(11) / 10]));

const VULNERABILITY: Members = {
  'vulnerability.id': textOf(({ vulnerabilities }) => vulnerabilities.map(({ id }) => id)),
  'vulnerability.severity': oneOf(...SEVERITIES),
  'vulnerability.severities': someOf(SEVERITIES),
  'vulnerability.after': time(0, STEPS / 2),
  'vulnerability.before': time(0, STEPS / 2),
  'vulnerability.detectedInLast': days,
  'vulnerability.isKev': flag,
  'vulnerability.epssScore': range,
  'vulnerability.epssPercentile': range,
  'vulnerability.willNotFix': flag,
  'vulnerability.fixAvailable': flag,
  'vulnerability.inheritedFromBase': flag,
  'vulnerability.annotationStatus': someOf(['not_affected', 'affected', 'fixed', 'under_investigation']),
  'vulnerability.missingAnnotation': flag,
  'vulnerability.currentOnly': flag,
  'artifact.name': textOf(({ packages }) => packages.map(({ name }) => name)),
  'artifact.version': textOf(({ packages }) => packages.map(({ version }) => version)),
  'artifact.type': textOf(({ packages }) => [
    ...packages.map(({ type }) => type),
    'dpkg',
    'APKG',
    'java',
    'go',
    'nuget',
  ]),
};
const ACCOUNT: Members = { 'account.name': textOf(({ accounts }) => accounts) };
const IMAGE: Members = {
  'image.digest': textOf(({ images, running }) => [
    ...images.map(({ digest }) => digest),
    ...running.map((row) => row.image_digest),
  ]),
};
const TAG: Members = {
  'registry.name': textOf(({ tags }) => tags.map(({ registry }) => registry)),
  'repository.name': textOf(({ tags }) => [...tags.map(({ repository }) => repository), 'library/redis', 'library/*']),
  'tag.name': textOf(({ tags }) => tags.map(({ tag }) => tag)),
  'tag.currentOnly': flag,
  'tag.after': time(0, STEPS / 2),
  'tag.before': time(0, STEPS / 2),
};
const RUNNING: Members = {
  'runtimeInventory.type': oneOf('kubernetes', 'ecs'),
  'runtimeInventory.context': textOf(({ contexts }) => contexts.map(({ context }) => context)),
  'runtimeInventory.lastSeenInDays': oneOf(0, 1, 2, 4, 30),
};
/** As they run, tags have names only. */
const RUNNING_NAMES: Members = {
  'registry.name': textOf(({ running }) => running.map(({ image_tag }) => image_tag.split('/')[0]!)),
  'repository.name': textOf(({ running }) =>
    running.map((row) => (row.full_tag ?? row.image_tag).replace(/^[^/]*\//, '').replace(/:[^:/]*$/, '')),
  ),
  'tag.name': textOf(({ running }) => running.map(({ full_tag }) => full_tag?.split(':').at(-1) ?? null)),
};
const EVALUATION: Members = {
  'policyEvaluation.result': oneOf('Pass', 'Fail'),
  'policyEvaluation.reason': oneOf(
    'policy_evaluation',
    'whitelisted',
    'blacklisted',
    'error',
    'allowlisted',
    'denylisted',
  ),
  'policyEvaluation.latestOnly': flag,
  'policyEvaluation.after': time(0, 20),
  'policyEvaluation.before': time(0, 20),
  'policyEvaluation.evaluatedInLast': oneOf(0, 56, 57, 58, 70),
  'policyBundle.active': flag,
  'policyBundle.id': textOf(() => ['one', 'two', 'gone']),
  'policyBundle.digest': textOf(() => ['digest-one', 'digest-old']),
};
const labels = (path: string): Members => ({
  [`${path}.label`]: (chance) => ({
    ...(chance.often(0.7) ? { key: chance.pick(['env', 'a_b', 'a*', 'axb']) } : {}),
    ...(chance.often(0.5) ? { value: chance.pick(['prod', 'x%', 'p*', '%']) } : {}),
  }),
  [`${path}.annotation`]: (chance) => ({ key: chance.pick(['env', 'team', 't*']) }),
});
const KUBERNETES: Members = {
  'cluster.name': textOf(({ clusters }) => clusters.map(({ name }) => name)),
  'namespace.name': textOf(({ contexts }) => contexts.map(({ name }) => name)),
  ...labels('namespace'),
  'node.name': textOf(({ nodes }) => nodes.map(({ name }) => name)),
  ...labels('node'),
  'pod.name': textOf(({ pods }) => pods.map(({ name }) => name)),
  ...labels('pod'),
  'container.id': textOf(({ containers }) => containers.map(({ container_id }) => container_id)),
  'container.name': textOf(({ containers }) => containers.map(({ name }) => name)),
};

const MEMBERS: Record<FilterKind, Members> = {
  none: {},
  vulnerabilities: { ...VULNERABILITY, ...TAG, ...IMAGE, ...ACCOUNT },
  evaluations: { ...TAG, ...IMAGE, ...EVALUATION, ...ACCOUNT },
  'running vulnerabilities': { ...VULNERABILITY, ...TAG, ...IMAGE, ...RUNNING, ...ACCOUNT },
  running: { ...RUNNING_NAMES, ...IMAGE, ...RUNNING, ...ACCOUNT },
  'running evaluations': { ...RUNNING_NAMES, ...IMAGE, ...EVALUATION, ...RUNNING, ...ACCOUNT },
  kubernetes: { ...VULNERABILITY, ...IMAGE, ...KUBERNETES, ...ACCOUNT },
  ecs: {
    ...{ ...VULNERABILITY, ...IMAGE },
    clusterArn: textOf(({ clusters }) => clusters.map(({ name }) => name)),
    serviceArn: textOf(({ services }) => services.map(({ arn }) => arn)),
    taskArn: textOf(({ containers }) => containers.map(({ owner }) => owner)),
    containerArn: textOf(({ containers }) => containers.map(({ container_id }) => container_id)),
    ...ACCOUNT,
  },
  'metric data': {
    metricId: textOf(() => [
      ...METRIC_IDS,
      'images.total',
      'evaluations.policy.active.tags.all.fail.denylisted',
      'evaluations.policy.active.tags.all.pass.allowlisted',
    ]),
    start: time(STEPS - 40, STEPS - 16),
    end: time(STEPS - 40, STEPS - 16),
    last: oneOf(0, 4, 6, 7, 9, 30),
  },
  schedules: {
    uuid: textOf(({ schedules }) => schedules.map(({ uuid }) => uuid)),
    name: textOf(({ schedules }) => schedules.map(({ name }) => name)),
    enabled: flag,
  },
  executions: {
    uuid: textOf(({ executions }) => executions.map(({ uuid }) => uuid)),
    queryUuid: textOf(({ schedules }) => schedules.map(({ uuid }) => uuid)),
    status: oneOf('queued', 'running', 'complete', 'failed', 'cancelled'),
    after: time(0, 12),
    before: time(0, 12),
  },
};

/** Members of filters by kind: `vulnerability.id`. */
export const filterMembers = (kind: FilterKind): string[] => Object.keys(MEMBERS[kind]);

function put(filter: SentFilter, path: string, value: unknown): void {
  const [group = '', member] = path.split('.');
  if (member === undefined) filter[group] = value;
  else filter[group] = { ...filter[group], [member]: value };
}

/** The account is a member for all accounts only; two members exclude each other. */
function usable(filter: SentFilter, isGlobal: boolean): SentFilter {
  if (!isGlobal) delete filter.account;
  const { vulnerability } = filter;
  if (vulnerability?.missingAnnotation && vulnerability.annotationStatus?.length) delete vulnerability.annotationStatus;
  return filter;
}

/** A filter of one member. */
export function filterOf(chance: Chance, fleet: Fleet, kind: FilterKind, path: string, isGlobal: boolean): SentFilter {
  const filter: SentFilter = {};
  put(filter, path, MEMBERS[kind][path]!(chance, fleet));
  return usable(filter, isGlobal);
}

/** A filter of some members, rarely of many: those would let nothing pass. Now and then members are null. */
export function randomFilter(chance: Chance, fleet: Fleet, kind: FilterKind, isGlobal: boolean): SentFilter {
  const paths = filterMembers(kind);
  const filter: SentFilter = {};
  if (paths.length === 0) return filter;
  for (const _ of counted(chance.pick([0, 1, 2, 2, 3, 3, 4, 6]))) {
    const path = chance.pick(paths);
    put(filter, path, chance.often(0.05) ? null : MEMBERS[kind][path]!(chance, fleet));
  }
  return usable(filter, isGlobal);
}
