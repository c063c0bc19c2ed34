/** What is kept of a container: enough to name its image. */
export interface ContainerFacts {
  name: string;
  /** `sidecar`: an init container that goes on running beside the others. */
  kind: 'regular' | 'init' | 'sidecar';
  /** Image as the specification names it. */
  image: string;
  /** Image as the runtime names it; may be a bare configuration digest. Empty before it was pulled. */
  statusImage: string;
  /** Image id of the runtime, e.g. `docker.io/library/nginx@sha256:…`. */
  imageId: string;
  /** `containerd://…`; empty before the container was made. */
  id: string;
}

/** What is kept of any object. */
export interface ObjectFacts {
  uid: string;
  name: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

export type NamespaceFacts = ObjectFacts;

export interface NodeFacts extends ObjectFacts {
  architecture: string;
  containerRuntimeVersion: string;
  kernelVersion: string;
  kubeletVersion: string;
  kubeProxyVersion: string;
  operatingSystem: string;
}

export interface PodFacts extends ObjectFacts {
  namespace: string;
  nodeName: string;
  /** Pending, Running, Succeeded, Failed, Unknown; empty when not stated. */
  phase: string;
  containers: ContainerFacts[];
}

type Json = Record<string, unknown>;

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(object) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function texts(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(object(value)).filter((one): one is [string, string] => typeof one[1] === 'string'),
  );
}

function facts(metadata: Json): ObjectFacts | undefined {
  const name = text(metadata.name);
  if (!name) return undefined;
  return {
    uid: text(metadata.uid).toLowerCase(),
    name,
    labels: texts(metadata.labels),
    annotations: texts(metadata.annotations),
  };
}

/** Reads a Namespace; undefined when it has no name. */
export function readNamespace(value: unknown): NamespaceFacts | undefined {
  return facts(object(object(value).metadata));
}

/** Reads a Node; undefined when it has no name. */
export function readNode(value: unknown): NodeFacts | undefined {
  const { metadata, status } = object(value);
  const common = facts(object(metadata));
  if (!common) return undefined;
  const info = object(object(status).nodeInfo);
  return {
    ...common,
    architecture: text(info.architecture),
    containerRuntimeVersion: text(info.containerRuntimeVersion),
    kernelVersion: text(info.kernelVersion),
    kubeletVersion: text(info.kubeletVersion),
    kubeProxyVersion: text(info.kubeProxyVersion),
    operatingSystem: text(info.operatingSystem),
  };
}

/** Reads a Pod with its init and regular containers; undefined when it has no name or namespace. */
export function readPod(value: unknown): PodFacts | undefined {
  const { metadata, spec: rawSpec, status: rawStatus } = object(value);
  const common = facts(object(metadata));
  const namespace = text(object(metadata).namespace);
  if (!common || !namespace) return undefined;
  const spec = object(rawSpec);
  const status = object(rawStatus);
  return {
    ...common,
    namespace,
    nodeName: text(spec.nodeName),
    phase: text(status.phase),
    containers: [
      ...containers(spec.initContainers, status.initContainerStatuses, (one) =>
        one.restartPolicy === 'Always' ? 'sidecar' : 'init',
      ),
      ...containers(spec.containers, status.containerStatuses, () => 'regular'),
    ],
  };
}

function containers(specs: unknown, statuses: unknown, kind: (spec: Json) => ContainerFacts['kind']): ContainerFacts[] {
  const byName = new Map(list(statuses).map((status) => [text(status.name), status]));
  return list(specs)
    .filter((spec) => text(spec.name))
    .map((spec) => {
      const status = byName.get(text(spec.name)) ?? {};
      return {
        name: text(spec.name),
        kind: kind(spec),
        image: text(spec.image).trim(),
        statusImage: text(status.image).trim(),
        imageId: text(status.imageID),
        id: text(status.containerID),
      };
    });
}
