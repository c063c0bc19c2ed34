/** A query of reports that is known by a name. All its variables are optional. */
export interface PreparedReport {
  /** Words joined by `-`. */
  name: string;
  title: string;
  description: string;
  query: string;
}

const PAGE = '$limit: Int = 1000, $nextToken: String';
const INFO = 'pageInfo { count nextToken }';
const VULNERABILITY =
  '$id: String, $severity: Severity, $registry: String, $repository: String, $tag: String, $currentOnly: Boolean = true';
const TAGS =
  'registry: {name: $registry}, repository: {name: $repository}, tag: {name: $tag, currentOnly: $currentOnly}';
const FILTER = `filter: {vulnerability: {id: $id, severity: $severity}, ${TAGS}}`;
const PAGED = 'limit: $limit, nextToken: $nextToken';

/** Queries that the command line, the page of reports and schedules offer. */
export const PREPARED_REPORTS: readonly PreparedReport[] = [
  {
    name: 'vulnerabilities-by-image',
    title: 'Images affected by vulnerability',
    description: 'Vulnerabilities with the images that have them, their tags and packages',
    query: `query(${VULNERABILITY}, ${PAGE}) {
  imagesByVulnerability(${FILTER}, ${PAGED}) {
    ${INFO}
    results { vulnerabilityId images { digest tags { registryName repositoryName tagName detectedAt current } artifacts { artifactName artifactVersion severity } } }
  }
}`,
  },
  {
    name: 'vulnerabilities-by-tag',
    title: 'Tags by vulnerability',
    description: 'Vulnerabilities with the repositories and tags that have them',
    query: `query(${VULNERABILITY}, ${PAGE}) {
  tagsByVulnerability(${FILTER}, ${PAGED}) {
    ${INFO}
    results { vulnerabilityId registries { registryName repositories { repositoryName tags { tagName imageDigest detectedAt current } } } }
  }
}`,
  },
  {
    name: 'vulnerabilities-by-artifact',
    title: 'Artifacts by vulnerability',
    description: 'Vulnerabilities with the packages that have them',
    query: `query(${VULNERABILITY}, ${PAGE}) {
  artifactsByVulnerability(${FILTER}, ${PAGED}) {
    ${INFO}
    results { vulnerabilityId artifacts { artifactName artifactVersion artifactType severity fixedIn isKev imagesCount } }
  }
}`,
  },
  {
    name: 'vulnerability-matches',
    title: 'All matches, one a row',
    description: 'One row for each vulnerability of each package of each image, with all that is known',
    query: `query(${VULNERABILITY}, ${PAGE}) {
  vulnerabilityMatches(${FILTER}, ${PAGED}) {
    ${INFO}
    results { vulnerabilityId severity artifactName artifactVersion artifactType artifactPath fixedIn willNotFix isKev epssScore cvssScore annotationStatus detectedAt digest tags { registryName repositoryName tagName } }
  }
}`,
  },
  {
    name: 'critical-images',
    title: 'Images with critical vulnerabilities',
    description: 'Current tags whose image has a critical vulnerability',
    query: `query($registry: String, $repository: String, $tag: String, $currentOnly: Boolean = true, ${PAGE}) {
  imagesByVulnerability(filter: {vulnerability: {severity: Critical}, ${TAGS}}, ${PAGED}) {
    ${INFO}
    results { vulnerabilityId images { digest tags { registryName repositoryName tagName detectedAt current } artifacts { artifactName artifactVersion severity } } }
  }
}`,
  },
  {
    name: 'known-exploited',
    title: 'Known exploited vulnerabilities',
    description: 'Vulnerabilities that are known to be exploited, with the images that have them',
    query: `query($registry: String, $repository: String, $tag: String, $currentOnly: Boolean = true, ${PAGE}) {
  imagesByVulnerability(filter: {vulnerability: {isKev: true}, ${TAGS}}, ${PAGED}) {
    ${INFO}
    results { vulnerabilityId images { digest tags { registryName repositoryName tagName } artifacts { artifactName artifactVersion severity fixedIn } } }
  }
}`,
  },
  {
    name: 'failing-policies',
    title: 'Images failing policy evaluation',
    description: 'Current tags that fail the active policy',
    query: `query($registry: String, $repository: String, $tag: String, $currentOnly: Boolean = true, ${PAGE}) {
  policyEvaluationsByTag(filter: {policyEvaluation: {result: Fail}, ${TAGS}}, ${PAGED}) {
    ${INFO}
    results { registryName repositories { repositoryName tags { tagName imageDigest current evaluations { result reason lastEvaluatedAt policyBundle { bundleId name } } } } }
  }
}`,
  },
  {
    name: 'policy-history',
    title: 'Policy compliance history by tag',
    description: 'All evaluations of all images that tags ever pointed to, by every policy',
    query: `query($registry: String, $repository: String, $tag: String, ${PAGE}) {
  policyEvaluationsByTag(filter: {policyEvaluation: {latestOnly: false}, policyBundle: {active: false}, registry: {name: $registry}, repository: {name: $repository}, tag: {name: $tag, currentOnly: false}}, ${PAGED}) {
    ${INFO}
    results { registryName repositories { repositoryName tags { tagName imageDigest detectedAt current evaluations { result reason lastEvaluatedAt latest policyBundle { bundleId bundleDigest } } } } }
  }
}`,
  },
  {
    name: 'runtime-vulnerabilities',
    title: 'Running images by vulnerability',
    description: 'Vulnerabilities of images that agents see running',
    query: `query($id: String, $severity: Severity, $context: String, ${PAGE}) {
  runtimeInventoryImagesByVulnerability(filter: {vulnerability: {id: $id, severity: $severity}, runtimeInventory: {context: $context}}, ${PAGED}) {
    ${INFO}
    results { vulnerabilityId images { digest inventory { inventoryType context imageTag lastSeen } artifacts { artifactName artifactVersion severity fixedIn } } }
  }
}`,
  },
  {
    name: 'runtime-unscanned',
    title: 'Running images without analysis',
    description: 'What runs and was not analysed',
    query: `query($context: String, ${PAGE}) {
  runtimeInventoryUnscannedImages(filter: {runtimeInventory: {context: $context}}, ${PAGED}) {
    ${INFO}
    results { imageTag imageDigest analysisStatus inventory { inventoryType context lastSeen } }
  }
}`,
  },
  {
    name: 'runtime-compliance',
    title: 'Policy evaluations of running images',
    description: 'Verdicts of the active policy on what runs',
    query: `query($context: String, ${PAGE}) {
  policyEvaluationsByRuntimeInventoryImage(filter: {runtimeInventory: {context: $context}}, ${PAGED}) {
    ${INFO}
    results { imageTag imageDigest inventory { context } evaluations { result reason lastEvaluatedAt policyBundle { bundleId } } }
  }
}`,
  },
  {
    name: 'kubernetes-namespaces',
    title: 'Vulnerabilities by Kubernetes namespace',
    description: 'Vulnerabilities of the images of each namespace',
    query: `query($severity: Severity, $cluster: String, $namespace: String, ${PAGE}) {
  kubernetesRuntimeVulnerabilitiesByNamespace(filter: {vulnerability: {severity: $severity}, cluster: {name: $cluster}, namespace: {name: $namespace}}, ${PAGED}) {
    ${INFO}
    results { clusterName namespace { name } imageTag imageDigest vulnerabilities { vulnerabilityId artifacts { artifactName artifactVersion severity } } }
  }
}`,
  },
  {
    name: 'ecs-containers',
    title: 'Vulnerabilities by ECS container',
    description: 'Vulnerabilities of the images of each container',
    query: `query($severity: Severity, $cluster: String, ${PAGE}) {
  vulnerabilitiesByEcsContainer(filter: {vulnerability: {severity: $severity}, clusterArn: $cluster}, ${PAGED}) {
    ${INFO}
    results { clusterArn taskArn containerArn imageTag imageDigest vulnerabilities { vulnerabilityId artifacts { artifactName artifactVersion severity } } }
  }
}`,
  },
  {
    name: 'metrics',
    title: 'Values of metrics',
    description: 'Hourly values of metrics, the newest first',
    query: `query($metric: String, $last: Int, ${PAGE}) {
  metricData(filter: {metricId: $metric, last: $last}, ${PAGED}) {
    ${INFO}
    results { metricId value collectedAt }
  }
}`,
  },
];
