type Labels = Readonly<Record<string, string>> | null | undefined;

/** Suffix that Kubernetes adds to the names of pods: five letters and digits without vowels. */
const SUFFIX = /^(.+)-[bcdfghjklmnpqrstvwxz2456789]{5}$/;

/**
 * What keeps a pod running, as `kind/name`. Reports do not say it, but its controller leaves marks: Deployments a
 * `pod-template-hash`, StatefulSets a numbered name, DaemonSets a revision, Jobs their name. Without one the pod
 * stands for itself.
 */
export function workloadOf(pod: { name: string; labels?: Labels }): string {
  const labels = pod.labels ?? {};
  const job = labels['batch.kubernetes.io/job-name'] ?? labels['job-name'];
  if (job) return scheduled(job) ?? `job/${job}`;
  const template = labels['pod-template-hash'];
  if (template) {
    const at = pod.name.lastIndexOf(`-${template}-`);
    if (at > 0) return `deployment/${pod.name.slice(0, at)}`;
  }
  const numbered = /^(.+)-\d+$/.exec(pod.name)?.[1];
  if (labels['statefulset.kubernetes.io/pod-name'] && numbered) return `statefulset/${numbered}`;
  const base = SUFFIX.exec(pod.name)?.[1];
  if (base && labels['controller-revision-hash']) return `daemonset/${base}`;
  return base && Object.keys(labels).length > 0 ? `replicaset/${base}` : `pod/${pod.name}`;
}

/** A CronJob names its jobs by the minute of their start. */
function scheduled(job: string): string | undefined {
  const name = /^(.+)-\d{8}$/.exec(job)?.[1];
  return name === undefined ? undefined : `cronjob/${name}`;
}

/** What keeps an ECS task running: its service, else its task definition without the revision. */
export function ecsWorkload(task: {
  service_arn?: string | undefined;
  task_definition_arn?: string | undefined;
}): string {
  const { service_arn: service = '', task_definition_arn: definition = '' } = task;
  if (service !== '' && service !== 'UNKNOWN') return `service/${service.split('/').at(-1)}`;
  if (definition !== '' && definition !== 'UNKNOWN')
    return `task/${(definition.split('/').at(-1) ?? definition).replace(/:\d+$/, '')}`;
  return 'task/unknown';
}
