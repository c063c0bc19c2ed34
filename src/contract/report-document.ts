import { type ReportFilterName, reportFilter } from './report-filters.ts';

/** What a document of one report is made of. */
export interface ReportParts {
  /** Field of the query, e.g. `vulnerabilityMatches`. */
  report: string;
  /** Filters that are variables. */
  filters: readonly ReportFilterName[];
  /** Values that belong to the report itself, as GraphQL literals by place in the filter. */
  fixed?: Readonly<Record<string, string>>;
  /** Defaults of switches that differ from the usual ones. */
  defaults?: Readonly<Partial<Record<ReportFilterName, boolean>>>;
  /** Response names of the columns, joined by dots. */
  paths: readonly string[];
}

interface Tree {
  [name: string]: Tree | string;
}

/**
 * The GraphQL document of a report: its filters are variables, and so are `limit`, `nextToken` and `total`, which asks
 * for the length of the list.
 */
export function reportDocument({ report, filters, fixed = {}, defaults = {}, paths }: ReportParts): string {
  const variables = filters.map((name) => {
    const { type, default: usual } = reportFilter(name);
    const value = defaults[name] ?? usual;
    return `$${name}: ${type}${value === undefined ? '' : ` = ${value}`}`;
  });
  const filter: Tree = {};
  for (const name of filters) put(filter, reportFilter(name).path, `$${name}`);
  for (const [path, literal] of Object.entries(fixed)) put(filter, path, literal);
  const selection: Tree = {};
  for (const path of paths) put(selection, path, '');
  const all = [...variables, '$limit: Int = 1000', '$nextToken: String', '$total: Boolean = false'];
  return `query(
${all.map((line) => `  ${line}`).join('\n')}
) {
  ${report}(
    filter: ${input(filter)}
    limit: $limit
    nextToken: $nextToken
  ) {
    pageInfo { count nextToken asOf totalCount @include(if: $total) }
    results { ${fields(selection)} }
  }
}`;
}

function put(tree: Tree, path: string, value: string): void {
  const names = path.split('.');
  const last = names.pop()!;
  let place = tree;
  for (const name of names) {
    const next = place[name];
    if (typeof next === 'object') place = next;
    else {
      const made: Tree = {};
      place[name] = made;
      place = made;
    }
  }
  place[last] = value;
}

function input(tree: Tree, depth = 0): string {
  const members = Object.entries(tree).map(
    ([name, value]) => `${name}: ${typeof value === 'string' ? value : input(value, depth + 1)}`,
  );
  if (depth > 0) return `{${members.join(', ')}}`;
  return `{\n${members.map((member) => `      ${member}`).join('\n')}\n    }`;
}

function fields(tree: Tree): string {
  return Object.entries(tree)
    .map(([name, value]) => (typeof value === 'string' ? name : `${name} { ${fields(value)} }`))
    .join(' ');
}
