import { translatePythonRegex } from '#shared/python-regex.ts';
import { defineTrigger, type TriggerContext } from '../../gate.ts';
import {
  COMPARISONS,
  type Comparison,
  holds,
  oneOf,
  optional,
  type ParameterValues,
  required,
  text,
} from '../../parameter.ts';
import { compareReleases } from '../../release-order.ts';
import type { PolicyFacts } from '../../types.ts';

const parameters = {
  attribute: required(
    oneOf(['size', 'architecture', 'os_type', 'distro', 'distro_version', 'like_distro', 'layer_count']),
    {
      description: 'Attribute of the image.',
      example: 'size',
    },
  ),
  check: required(oneOf([...COMPARISONS, 'exists', 'not_exists', 'like', 'not_like', 'in', 'not_in']), {
    description: 'Condition on the attribute.',
    example: '>',
  }),
  value: optional(text, {
    description:
      'Value to compare with; sizes may end in kb, mb, gb or tb (1024). Not needed by exists and not_exists.',
    example: '1gb',
  }),
};

type Values = ParameterValues<typeof parameters>;

const UNITS: Readonly<Record<string, number>> = { kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3, tb: 1024 ** 4 };

/** Fires once when the attribute meets the condition. */
export const attribute = defineTrigger({
  name: 'attribute',
  description: 'An attribute of the image meets the condition.',
  parameters,
  check({ attribute: name, check, value }) {
    if (check === 'exists' || check === 'not_exists') return [];
    if (value === undefined) return [{ severity: 'error', parameter: 'value', text: `is needed by check "${check}"` }];
    const reason = valueProblem(name, check, value);
    return reason === undefined ? [] : [{ severity: 'error', parameter: 'value', text: reason }];
  },
  *evaluate(context) {
    const { attribute: name, check, value } = context.params;
    const actual = attributeValues(name, context.facts);
    if (!meets(actual, context)) return;
    const shown = actual.join(', ') || 'nothing';
    yield {
      message: `Image attribute ${name} is ${shown}, which meets the condition ${check}${value === undefined ? '' : ` ${value}`}`,
      key: `${name}#${check}#${value ?? ''}`,
      evidence: { attribute: name, actual: shown },
    };
  },
});

/** Why the value does not fit attribute and check. */
function valueProblem(name: Values['attribute'], check: Values['check'], value: string): string | undefined {
  if (check === 'like' || check === 'not_like') {
    try {
      translatePythonRegex(value);
      return undefined;
    } catch (error) {
      return `is not a regular expression: ${(error as Error).message}`;
    }
  }
  const members = check === 'in' || check === 'not_in' ? value.split(',') : [value];
  if (name === 'size' && members.some((member) => parseSize(member) === undefined)) {
    return 'must be a number of bytes, or end in kb, mb, gb or tb';
  }
  if (name === 'layer_count' && members.some((member) => !/^\s*\d{1,9}\s*$/.test(member)))
    return 'must be a whole number';
  return undefined;
}

/** Bytes of `2gb`, `512 mb` or `1000`. */
function parseSize(value: string): number | undefined {
  const match = /^\s*(\d{1,15})\s*([kmgt]b)?\s*$/i.exec(value);
  return match ? Number(match[1]) * (UNITS[match[2]?.toLowerCase() ?? ''] ?? 1) : undefined;
}

/** Values of the attribute as text: one, several for `like_distro`, none when the image does not tell. */
function attributeValues(name: Values['attribute'], { image, distro }: PolicyFacts): string[] {
  switch (name) {
    case 'size':
      return [String(image.size)];
    case 'layer_count':
      return [String(image.layerCount)];
    case 'architecture':
      return present(image.architecture);
    case 'os_type':
      return present(image.os);
    case 'distro':
      return present(distro?.id);
    case 'distro_version':
      return present(distro?.versionId);
    case 'like_distro':
      return distro?.idLike ?? [];
  }
}

function present(value: string | undefined): string[] {
  return value === undefined || value === '' ? [] : [value];
}

/** Negative checks hold when no value meets the positive one, so they also hold for a missing attribute. */
function meets(actual: string[], { params, regex }: TriggerContext<Values>): boolean {
  const { attribute: name, check, value = '' } = params;
  switch (check) {
    case 'exists':
    case 'not_exists':
      return actual.some((text) => text !== '0') === (check === 'exists');
    case 'like':
    case 'not_like':
      return regex.matches(translatePythonRegex(value), actual).includes(true) === (check === 'like');
    case 'in':
    case 'not_in': {
      const members = value.split(',');
      return actual.some((text) => members.some((member) => order(name, text, member) === 0)) === (check === 'in');
    }
    case '!=':
      return !actual.some((text) => order(name, text, value) === 0);
    default:
      return actual.some((text) => holds(order(name, text, value), check as Comparison));
  }
}

function order(name: Values['attribute'], actual: string, value: string): number {
  if (name === 'size') return Number(actual) - (parseSize(value) ?? Number.NaN);
  if (name === 'layer_count') return Number(actual) - Number(value);
  const wanted = value.trim();
  if (name === 'distro_version') return compareReleases(actual, wanted);
  return actual < wanted ? -1 : actual > wanted ? 1 : 0;
}
