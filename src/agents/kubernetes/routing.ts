import type { NamespaceFacts } from './objects.ts';

/** Namespaces whose name matches go to this account. */
export interface AccountRoute {
  account: string;
  namespaces: RegExp[];
}

/** A label of the namespace names the account. */
export interface LabelRoute {
  key: string;
  /** For namespaces without the label, and for accounts that do not exist; undefined: the agent's own account. */
  defaultAccount?: string;
  /** Leaves out namespaces without the label. */
  ignoreMissing: boolean;
}

/** Which account gets the report on a namespace. */
export interface AccountRouting {
  routes: AccountRoute[];
  label?: LabelRoute;
}

/** Namespaces by account; undefined stands for the agent's own. */
export type RoutedNamespaces = Map<string | undefined, NamespaceFacts[]>;

/** Distributes namespaces. Routes win over the label; a namespace that matches several routes goes to each of them. */
export function routeNamespaces(
  namespaces: readonly NamespaceFacts[],
  { routes, label }: AccountRouting,
): RoutedNamespaces {
  const routed: RoutedNamespaces = new Map();
  const give = (account: string | undefined, namespace: NamespaceFacts) => {
    const list = routed.get(account) ?? [];
    if (!list.includes(namespace)) list.push(namespace);
    routed.set(account, list);
  };
  for (const namespace of namespaces) {
    const matching = routes.filter((route) => route.namespaces.some((pattern) => pattern.test(namespace.name)));
    const labelled = label ? namespace.labels[label.key] : undefined;
    if (matching.length > 0) for (const { account } of matching) give(account, namespace);
    else if (labelled) give(labelled, namespace);
    else if (!label?.ignoreMissing) give(label?.defaultAccount, namespace);
  }
  return routed;
}
