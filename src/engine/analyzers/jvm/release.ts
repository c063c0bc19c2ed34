/** Fields of a `release` file. */
export type ReleaseFields = Record<string, string>;

/** A Java runtime, named as the NVD does. */
export interface JavaRuntime {
  name: string;
  vendor: string;
  /** `17.0.9+9` or `1.8.0_392-b08`. */
  version: string;
  cpes: [vendor: string, product: string][];
  /** Version and update as in CPE names: `1.8.0` and `update392`. */
  cpeVersion: string;
  cpeUpdate?: string;
}

const KEPT =
  /^(IMPLEMENTOR|IMPLEMENTOR_VERSION|JAVA_VERSION|JAVA_RUNTIME_VERSION|JAVA_VERSION_DATE|FULL_VERSION|SEMANTIC_VERSION|IMAGE_TYPE|JVM_VARIANT|JVM_VERSION|OS_ARCH|OS_NAME|LIBC|SOURCE|BUILD_TYPE|GRAALVM_VERSION|VENDOR)$/;

/** Reads `KEY="value"` lines; undefined when it is not of a Java runtime. */
export function readRelease(bytes: Uint8Array): ReleaseFields | undefined {
  const fields: ReleaseFields = {};
  for (const line of new TextDecoder().decode(bytes).split(/\r?\n/)) {
    const [, key, quoted, plain] = /^([A-Z_]+)\s*=\s*(?:"([^"]*)"|(\S*))\s*$/.exec(line) ?? [];
    if (key !== undefined && KEPT.test(key)) fields[key] = (quoted ?? plain ?? '').slice(0, 300);
  }
  return fields.JAVA_VERSION === undefined && fields.JAVA_RUNTIME_VERSION === undefined ? undefined : fields;
}

/** Version without the suffixes of vendors and distributions. */
function fullVersion(fields: ReleaseFields): string | undefined {
  for (const key of ['JAVA_RUNTIME_VERSION', 'SEMANTIC_VERSION', 'JAVA_VERSION']) {
    const match = /^(?:1\.\d+\.\d+_\d+(?:-b\d+)?|\d+(?:\.\d+)*(?:-ea|-beta)?(?:\+\d+)?)/.exec(fields[key] ?? '');
    if (match !== null && match[0] !== '') return match[0];
  }
  return undefined;
}

/** Names a runtime by its implementor; undefined without a version. */
export function identifyRuntime(fields: ReleaseFields, isDevelopmentKit: boolean): JavaRuntime | undefined {
  const version = fullVersion(fields);
  if (version === undefined) return undefined;
  const implementor =
    `${fields.IMPLEMENTOR ?? ''} ${fields.IMPLEMENTOR_VERSION ?? ''} ${fields.VENDOR ?? ''}`.toLowerCase();
  const kit = isDevelopmentKit ? 'jdk' : 'jre';
  const [, legacyRelease, update] = /^(1\.\d+\.\d+)_(\d+)/.exec(version) ?? [];
  const base = {
    version,
    cpeVersion: legacyRelease ?? /^[\d.]+/.exec(version)?.[0] ?? version,
    ...(update === undefined ? {} : { cpeUpdate: `update${Number(update)}` }),
  };
  if (fields.GRAALVM_VERSION !== undefined || implementor.includes('graalvm')) {
    const own = fields.GRAALVM_VERSION;
    return {
      ...base,
      name: 'graalvm',
      vendor: 'oracle',
      ...(own === undefined ? {} : { version: own, cpeVersion: own }),
      cpes: [['oracle', 'graalvm']],
    };
  }
  if (implementor.includes('azul'))
    return {
      ...base,
      name: 'zulu',
      vendor: 'azul',
      cpes: [
        ['azul', 'zulu'],
        ['oracle', 'openjdk'],
      ],
    };
  if (implementor.includes('ibm') || implementor.includes('international business machines')) {
    return {
      ...base,
      name: isDevelopmentKit ? 'java_sdk' : 'java',
      vendor: 'ibm',
      cpes: [
        ['ibm', 'java'],
        ['ibm', 'java_sdk'],
      ],
    };
  }
  // Oracle's own builds of Java 8 name no implementor, but say that they are commercial.
  if (fields.BUILD_TYPE === 'commercial' && (implementor.trim() === '' || implementor.includes('oracle'))) {
    return {
      ...base,
      name: kit,
      vendor: 'oracle',
      cpes: [
        ['oracle', kit],
        ...(isDevelopmentKit ? [['oracle', 'jre'] as [string, string]] : []),
        ['oracle', 'java_se'],
      ],
    };
  }
  return {
    ...base,
    name: 'openjdk',
    vendor: 'oracle',
    cpes: [['oracle', 'openjdk']],
  };
}
