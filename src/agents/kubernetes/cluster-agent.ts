import { backoff, pause } from '../delivery/backoff.ts';
import type { AgentLog } from '../delivery/log.ts';
import type { Outbox } from '../delivery/outbox.ts';
import type { KubernetesClient } from './client.ts';
import { KubernetesError } from './errors.ts';
import { startInformer } from './informer.ts';
import { type NamespaceFacts, type NodeFacts, type PodFacts, readNamespace, readNode, readPod } from './objects.ts';
import { kubernetesReports, type ReportOptions } from './report.ts';
import { type AccountRouting, routeNamespaces } from './routing.ts';
import { type NamespaceSelection, selects } from './selection.ts';
import { type ClusterSnapshot, podPaths, readNamespaces, readVersion, takeSnapshot } from './snapshot.ts';

export interface ClusterAgentOptions {
  client: KubernetesClient;
  selection: NamespaceSelection;
  routing: AccountRouting;
  report: ReportOptions;
  /** Pause between reports of everything. */
  intervalMs: number;
  /** Changes are gathered for this long before they are reported. */
  changeDelayMs: number;
  /** Collections are listed anew this often although a watch runs. */
  relistMs: number;
  watchSeconds: number;
  outbox: Outbox;
  log: AgentLog;
  /** Told about failures, for health reports. */
  onError?: (message: string) => void;
}

/** Reports one cluster. */
export interface ClusterAgent {
  /** Reads and reports everything once. False when something was not accepted. */
  once(signal: AbortSignal): Promise<boolean>;
  /** Reads and reports everything again and again, until aborted. */
  poll(signal: AbortSignal): Promise<void>;
  /** Follows changes: reports everything at the start and at intervals, and changed namespaces in between. */
  watch(signal: AbortSignal): Promise<void>;
}

/** Creates the agent of one cluster. */
export function createClusterAgent(options: ClusterAgentOptions): ClusterAgent {
  const { client, selection, routing, report, outbox } = options;
  const warned = new Set<string>();
  const warn = (message: string) => {
    // the same words at each report would hide everything else
    if (warned.size < 1000 && !warned.has(message)) options.log.warn(message, { cluster: report.clusterName });
    warned.add(message);
  };
  const failed = (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    options.log.error('the cluster could not be read', { cluster: report.clusterName, reason: message });
    options.onError?.(message);
  };

  async function send(
    snapshot: ClusterSnapshot,
    namespaces: readonly NamespaceFacts[],
    complete: boolean,
    signal: AbortSignal,
  ): Promise<boolean> {
    const timestamp = new Date().toISOString();
    let good = true;
    for (const [account, own] of routeNamespaces(namespaces, routing)) {
      for (const body of kubernetesReports(snapshot, own, report, { timestamp, complete, warn })) {
        const fallback = routing.label?.defaultAccount;
        const delivery = await outbox.deliver(
          {
            kind: 'kubernetes',
            cluster: report.clusterName,
            ...(account === undefined ? {} : { account }),
            ...(fallback === undefined ? {} : { fallbackAccount: fallback }),
            timestamp,
            complete,
            report: body,
          },
          signal,
        );
        good &&= delivery === 'accepted';
      }
    }
    return good;
  }

  return {
    async once(signal) {
      const snapshot = await takeSnapshot(client, selection, warn, signal);
      return send(snapshot, snapshot.namespaces, true, signal);
    },
    async poll(signal) {
      let failures = 0;
      while (!signal.aborted) {
        try {
          const snapshot = await takeSnapshot(client, selection, warn, signal);
          await send(snapshot, snapshot.namespaces, true, signal);
          failures = 0;
        } catch (error) {
          if (signal.aborted) return;
          failed(error);
          failures += 1;
        }
        await pause(failures > 0 ? backoff(failures, 2_000, options.intervalMs) : options.intervalMs, signal);
      }
    },
    async watch(signal) {
      for (let failures = 1; !signal.aborted; failures++) {
        const ending = new AbortController();
        const ended = AbortSignal.any([signal, ending.signal]);
        try {
          await follow(options, ended, send, warn, failed);
        } catch (error) {
          if (!signal.aborted) failed(error);
        } finally {
          ending.abort();
        }
        await pause(backoff(failures, 2_000, 60_000), signal);
      }
    },
  };
}

/** One life of the informers; throws when the first lists cannot be read. */
async function follow(
  options: ClusterAgentOptions,
  signal: AbortSignal,
  send: (
    snapshot: ClusterSnapshot,
    namespaces: readonly NamespaceFacts[],
    complete: boolean,
    signal: AbortSignal,
  ) => Promise<boolean>,
  warn: (message: string) => void,
  failed: (error: unknown) => void,
): Promise<void> {
  const { client, selection, intervalMs, changeDelayMs } = options;
  const changed = new Set<string>();
  let wake: () => void = () => undefined;
  const mark = (namespace: string) => {
    if (!selects(selection, namespace)) return;
    changed.add(namespace);
    wake();
  };
  const common = { client, watchSeconds: options.watchSeconds, relistMs: options.relistMs, signal, onError: failed };

  const namespaces =
    selection.include.length > 0
      ? undefined
      : startInformer<NamespaceFacts>({
          ...common,
          path: '/api/v1/namespaces',
          keep: readNamespace,
          onChange: (now, before) => {
            if (now && JSON.stringify(now.labels) !== JSON.stringify(before?.labels)) mark(now.name);
          },
        });
  const nodes = startInformer<NodeFacts>({
    ...common,
    path: '/api/v1/nodes',
    keep: readNode,
    onChange: () => undefined,
  });
  const pods = podPaths(selection).map((path) =>
    startInformer<PodFacts>({
      ...common,
      path,
      keep: readPod,
      onChange: (now, before) => {
        if (whatRuns(now) !== whatRuns(before)) mark((now ?? before)!.namespace);
      },
    }),
  );
  const seesNodes = await nodes.ready.then(
    () => true,
    (error: unknown) => {
      if (!(error instanceof KubernetesError) || error.reason !== 'forbidden') throw error;
      warn('nodes may not be listed; pods are reported without them');
      return false;
    },
  );
  await Promise.all([namespaces, ...pods].map((informer) => informer?.ready));

  const snapshot = async (): Promise<ClusterSnapshot> => {
    const found = namespaces
      ? namespaces.items().filter((one) => selects(selection, one.name))
      : await readNamespaces(client, selection, warn, signal);
    const names = new Set(found.map((one) => one.name));
    return {
      namespaces: found,
      nodes: seesNodes ? nodes.items() : [],
      pods: pods.flatMap((one) => one.items()).filter((one) => names.has(one.namespace)),
      version,
    };
  };
  const version = await readVersion(client, signal);
  let next = 0;
  while (!signal.aborted) {
    const complete = Date.now() >= next;
    const due = new Set(changed);
    changed.clear();
    try {
      const current = await snapshot();
      const wanted = complete ? current.namespaces : current.namespaces.filter((one) => due.has(one.name));
      if (wanted.length > 0 || complete) await send(current, wanted, complete, signal);
      if (complete) next = Date.now() + intervalMs;
    } catch (error) {
      if (signal.aborted) return;
      failed(error);
      for (const name of due) changed.add(name);
      await pause(changeDelayMs, signal);
    }
    if (changed.size === 0) {
      const woken = new AbortController();
      wake = () => woken.abort();
      await pause(Math.max(0, next - Date.now()), AbortSignal.any([signal, woken.signal]));
      wake = () => undefined;
    }
    if (changed.size > 0) await pause(changeDelayMs, signal);
  }
}

/** What a report would say of the pod's containers. */
function whatRuns(pod: PodFacts | undefined): string {
  if (!pod) return '';
  return JSON.stringify([
    pod.phase === 'Running',
    pod.containers.map((one) => [one.id, one.image, one.id ? one.imageId : '']),
  ]);
}
