import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NamespaceFacts, NodeFacts, PodFacts } from './objects.ts';
import { kubernetesReports, type ReportOptions } from './report.ts';
import { routeNamespaces } from './routing.ts';

const uid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const namespace = (n: number, name = `ns-${n}`, labels = {}): NamespaceFacts => ({
  uid: uid(n),
  name,
  labels,
  annotations: {},
});
const node = (n: number): NodeFacts => ({
  uid: uid(9000 + n),
  name: `node-${n}`,
  labels: { zone: 'a', secret: 'b' },
  annotations: { long: 'text' },
  architecture: 'amd64',
  containerRuntimeVersion: '',
  kernelVersion: '',
  kubeletVersion: '',
  kubeProxyVersion: '',
  operatingSystem: 'linux',
});
const pod = (n: number, ns: string, more: Partial<PodFacts> = {}): PodFacts => ({
  uid: uid(100 + n),
  name: `pod-${n}`,
  namespace: ns,
  nodeName: 'node-1',
  phase: 'Running',
  labels: {},
  annotations: {},
  containers: [{ name: 'c', kind: 'regular', image: 'app:1', statusImage: '', imageId: '', id: `containerd://${n}` }],
  ...more,
});
const options: ReportOptions = {
  clusterName: 'c1',
  missingTag: { policy: 'digest' },
  ignoreNotRunning: true,
  ignoreEmpty: false,
  metadata: { labels: undefined, annotations: undefined },
  limits: { namespaces: 0, bytes: 0 },
};
const about = { timestamp: '2026-01-02T03:04:05.000Z', complete: true, warn: () => undefined };
const make = (
  snapshot: { namespaces: NamespaceFacts[]; pods: PodFacts[]; nodes?: NodeFacts[] },
  change: Partial<ReportOptions> = {},
) =>
  kubernetesReports(
    { nodes: [node(1), node(2)], version: {}, ...snapshot },
    snapshot.namespaces,
    { ...options, ...change },
    about,
  );

describe('a report', () => {
  it('keeps pods that do not run, without their containers', () => {
    const [report] = make({
      namespaces: [namespace(1)],
      pods: [pod(1, 'ns-1', { phase: 'Succeeded' }), pod(2, 'ns-1')],
    });
    expect(report!.pods).toHaveLength(2);
    expect(report!.containers!.map((one) => one.pod_uid)).toEqual([uid(102)]);
    expect(report!.nodes).toHaveLength(2);
  });
  it('leaves out what has no container id, and empty namespaces when told so', () => {
    const waiting = pod(1, 'ns-1', { containers: [{ ...pod(1, '').containers[0]!, id: '' }] });
    const [report] = make({ namespaces: [namespace(1), namespace(2)], pods: [waiting] }, { ignoreEmpty: true });
    expect(report!.namespaces!.map((one) => one.name)).toEqual(['ns-1']);
    expect(report!.containers).toEqual([]);
  });
  it('names no node that is not known', () => {
    const [report] = make({ namespaces: [namespace(1)], pods: [pod(1, 'ns-1')], nodes: [] });
    expect(report!.pods![0]).not.toHaveProperty('node_uid');
  });
  it('leaves out objects whose uid the API would refuse', () => {
    const odd = { ...namespace(2), uid: 'odd' };
    const [report] = make({ namespaces: [namespace(1), odd], pods: [pod(1, 'ns-1', { uid: 'abc' })] });
    expect([report!.namespaces!.length, report!.pods!.length]).toEqual([1, 0]);
  });
  it('filters labels and annotations', () => {
    const [report] = make(
      { namespaces: [namespace(1)], pods: [] },
      { metadata: { labels: [/^zone$/], annotations: [] } },
    );
    expect(report!.nodes![0]).toMatchObject({ labels: { zone: 'a' }, annotations: {} });
  });
  it('is divided into whole namespaces whose references stay inside', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(5), { maxLength: 12 }),
        fc.nat(4),
        fc.constantFrom(0, 1, 400, 2000),
        (counts, limit, bytes) => {
          const namespaces = counts.map((_, i) => namespace(i));
          const pods = counts.flatMap((count, i) =>
            Array.from({ length: count }, (_, k) => pod(i * 10 + k, `ns-${i}`, { nodeName: `node-${1 + (k % 2)}` })),
          );
          const reports = make({ namespaces, pods }, { limits: { namespaces: limit, bytes } });
          const names = reports.flatMap((one) => one.namespaces!.map((entry) => entry.name));
          expect(names).toEqual(namespaces.map((one) => one.name));
          expect(reports.flatMap((one) => one.containers).length).toBe(pods.length);
          for (const report of reports) {
            if (limit > 0) expect(report.namespaces!.length).toBeLessThanOrEqual(limit);
            const known = new Set([...report.namespaces!, ...report.nodes!, ...report.pods!].map((one) => one.uid));
            for (const one of report.pods!) expect(known.has(one.namespace_uid) && known.has(one.node_uid!)).toBe(true);
            for (const one of report.containers!) expect(known.has(one.pod_uid)).toBe(true);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('routing', () => {
  const all = [namespace(1, 'team-a-web'), namespace(2, 'x', { account: 'b' }), namespace(3, 'y')];
  const names = (routed: ReturnType<typeof routeNamespaces>) =>
    Object.fromEntries([...routed].map(([account, list]) => [account ?? '-', list.map((one) => one.name)]));
  it('prefers routes to the label and the label to the default', () => {
    const routes = [
      { account: 'a', namespaces: [/team-a/] },
      { account: 'web', namespaces: [/web$/, /team/] },
    ];
    const label = { key: 'account', defaultAccount: 'rest', ignoreMissing: false };
    expect(names(routeNamespaces(all, { routes, label }))).toEqual({
      a: ['team-a-web'],
      web: ['team-a-web'],
      b: ['x'],
      rest: ['y'],
    });
    expect(names(routeNamespaces(all, { routes: [], label: { key: 'account', ignoreMissing: true } }))).toEqual({
      b: ['x'],
    });
    expect(names(routeNamespaces(all, { routes: [] }))).toEqual({ '-': ['team-a-web', 'x', 'y'] });
  });
});
