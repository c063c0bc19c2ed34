/** A number that is collected for each account. */
export interface MetricDefinition {
  id: string;
  name: string;
  description: string;
  /** Known to clients of the reports API: those list exactly these. */
  published: boolean;
}

export const SEVERITIES = ['Critical', 'High', 'Medium', 'Low', 'Negligible', 'Unknown'] as const;
export const COLLECTIONS = ['all', 'current'] as const;
/** Reasons of verdicts by status, in the words of the metric ids. */
export const REASONS = {
  fail: ['blacklisted', 'error', 'policy_evaluation'],
  pass: ['policy_evaluation', 'whitelisted'],
} as const;

type Collection = (typeof COLLECTIONS)[number];
const TAGS = { all: 'All Tags', current: 'Current Tags' } as const;
const WHICH = {
  all: 'every image that a tag ever pointed to',
  current: 'the image that a tag points to',
} as const;

/** Id of the number of vulnerabilities of a severity. */
export function vulnerabilityMetric(collection: Collection, severity: string): string {
  return `vulnerabilities.tags.${collection}.${severity.toLowerCase()}`;
}

/** Id of the number of tags with a verdict of the active policy. */
export function evaluationMetric(collection: Collection, status: string, reason: string): string {
  return `evaluations.bundle.active.tags.${collection}.${status}.${reason}`;
}

const published: MetricDefinition[] = COLLECTIONS.flatMap((collection) => [
  ...SEVERITIES.map((severity) => ({
    id: vulnerabilityMetric(collection, severity),
    name: `${severity} Vulnerabilities - ${TAGS[collection]}`,
    description: `Vulnerabilities of severity ${severity}, counted once for each tag that has them: ${WHICH[collection]}`,
    published: true,
  })),
  ...(['fail', 'pass'] as const).flatMap((status) =>
    REASONS[status].map((reason) => ({
      id: evaluationMetric(collection, status, reason),
      name: `${status === 'fail' ? 'Fail' : 'Pass'} Check (${reason}) - ${TAGS[collection]}`,
      description: `Tags that ${status} the active policy by ${reason}: ${WHICH[collection]}`,
      published: true,
    })),
  ),
]);

const further: MetricDefinition[] = [
  ['images.total', 'Images', 'Images of the account'],
  ['images.analyzed', 'Analysed Images', 'Images whose analysis is complete'],
  ['images.analysis_failed', 'Failed Analyses', 'Images whose analysis failed'],
  ['tags.current', 'Tags', 'Tags that point to an image'],
  ['tags.current.evaluated', 'Evaluated Tags', 'Tags that the active policy has judged'],
  [
    'vulnerabilities.tags.current.known_exploited',
    'Known Exploited Vulnerabilities - Current Tags',
    'Vulnerabilities known to be exploited, counted once for each tag that has them',
  ],
  [
    'vulnerabilities.tags.current.fixable',
    'Fixable Vulnerabilities - Current Tags',
    'Vulnerabilities with a fix, counted once for each tag that has them',
  ],
].map(([id = '', name = '', description = '']) => ({ id, name, description, published: false }));

/** All metrics, by id. */
export const METRICS: readonly MetricDefinition[] = [...published, ...further].sort((a, b) => (a.id < b.id ? -1 : 1));

/** Ids of the published metrics, in order. */
export const PUBLISHED_IDS: readonly string[] = METRICS.filter((metric) => metric.published).map(({ id }) => id);

const KNOWN = new Set(METRICS.map(({ id }) => id));
const OLD_WORDS: readonly (readonly [RegExp, string])[] = [
  [/^evaluations\.policy\./, 'evaluations.bundle.'],
  [/\.denylisted$/, '.blacklisted'],
  [/\.allowlisted$/, '.whitelisted'],
];

/**
 * Ids that a text names: an id, one in the newer words (`policy`, `allowlisted`, `denylisted`), or a pattern in which
 * `*` stands for any text. Empty when there are none.
 */
export function metricIds(wanted: string): string[] {
  const id = OLD_WORDS.reduce((text, [word, old]) => text.replace(word, old), wanted);
  if (!id.includes('*')) return KNOWN.has(id) ? [id] : [];
  // Parts in order of their appearance: no expression that could take long.
  const [first = '', ...rest] = id.split('*');
  const last = rest.pop() ?? '';
  return METRICS.map((metric) => metric.id).filter((text) => {
    if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
    let at = first.length;
    return rest.every((part) => {
      const found = text.indexOf(part, at);
      at = found + part.length;
      return found >= 0 && at <= text.length - last.length;
    });
  });
}
