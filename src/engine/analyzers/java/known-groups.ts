/** Artifacts published under a group of the same name, as was the custom before reversed domain names. */
const SELF_NAMED = new Set(
  (
    'antlr aopalliance avalon-framework axis backport-util-concurrent bsh c3p0 cglib classworlds commons-beanutils ' +
    'commons-chain commons-cli commons-codec commons-collections commons-configuration commons-dbcp commons-digester ' +
    'commons-discovery commons-el commons-fileupload commons-httpclient commons-io commons-jxpath commons-lang ' +
    'commons-logging commons-net commons-pool commons-validator concurrent dom4j ehcache hsqldb jaxen jdom jline ' +
    'joda-time jstl jtidy junit logkit ognl oro regexp servletapi stax tapestry wsdl4j xalan xml-apis xmlpull xmlunit ' +
    'xom xpp3'
  ).split(' '),
);

/** Groups of artifacts that are often shipped without a pom, by exact name or by prefix with `*`. */
const GROUPS: Record<string, string> = {
  ant: 'org.apache.ant',
  'ant-*': 'org.apache.ant',
  aspectjrt: 'org.aspectj',
  aspectjweaver: 'org.aspectj',
  'bcpkix-*': 'org.bouncycastle',
  'bcprov-*': 'org.bouncycastle',
  'bcutil-*': 'org.bouncycastle',
  'bcpg-*': 'org.bouncycastle',
  'bctls-*': 'org.bouncycastle',
  'checker-qual': 'org.checkerframework',
  ecj: 'org.eclipse.jdt',
  guava: 'com.google.guava',
  h2: 'com.h2database',
  httpclient: 'org.apache.httpcomponents',
  httpcore: 'org.apache.httpcomponents',
  jsch: 'com.jcraft',
  'kafka-clients': 'org.apache.kafka',
  'kafka_*': 'org.apache.kafka',
  'connect-*': 'org.apache.kafka',
  'kotlin-stdlib*': 'org.jetbrains.kotlin',
  'kotlin-reflect': 'org.jetbrains.kotlin',
  log4j: 'log4j',
  'log4j-api': 'org.apache.logging.log4j',
  'log4j-core': 'org.apache.logging.log4j',
  lombok: 'org.projectlombok',
  'mariadb-java-client': 'org.mariadb.jdbc',
  'micrometer-*': 'io.micrometer',
  'mysql-connector-j': 'com.mysql',
  'mysql-connector-java': 'mysql',
  'ojdbc*': 'com.oracle.database.jdbc',
  okio: 'com.squareup.okio',
  'okio-jvm': 'com.squareup.okio',
  'opentelemetry-javaagent': 'io.opentelemetry.javaagent',
  poi: 'org.apache.poi',
  'poi-*': 'org.apache.poi',
  postgresql: 'org.postgresql',
  'reactor-core': 'io.projectreactor',
  'reactor-netty*': 'io.projectreactor.netty',
  'reactive-streams': 'org.reactivestreams',
  'scala-library': 'org.scala-lang',
  'scala-reflect': 'org.scala-lang',
  'spring-boot*': 'org.springframework.boot',
  'spring-aop': 'org.springframework',
  'spring-beans': 'org.springframework',
  'spring-context*': 'org.springframework',
  'spring-core': 'org.springframework',
  'spring-expression': 'org.springframework',
  'spring-jcl': 'org.springframework',
  'spring-jdbc': 'org.springframework',
  'spring-jms': 'org.springframework',
  'spring-messaging': 'org.springframework',
  'spring-orm': 'org.springframework',
  'spring-oxm': 'org.springframework',
  'spring-test': 'org.springframework',
  'spring-tx': 'org.springframework',
  'spring-web': 'org.springframework',
  'spring-webflux': 'org.springframework',
  'spring-webmvc': 'org.springframework',
  'spring-websocket': 'org.springframework',
  'spring-security-*': 'org.springframework.security',
  'spring-cloud-*': 'org.springframework.cloud',
  'spring-data-commons': 'org.springframework.data',
  'spring-data-jpa': 'org.springframework.data',
  'spring-data-rest-*': 'org.springframework.data',
  sqljdbc4: 'com.microsoft.sqlserver',
  'mssql-jdbc': 'com.microsoft.sqlserver',
  'struts2-*': 'org.apache.struts',
  'tomcat-embed-*': 'org.apache.tomcat.embed',
  'tomcat-*': 'org.apache.tomcat',
  catalina: 'org.apache.tomcat',
  xercesImpl: 'xerces',
  activation: 'javax.activation',
  'axis-jaxrpc': 'org.apache.axis',
  'axis-saaj': 'org.apache.axis',
  'axis-wsdl4j': 'axis',
  'elasticsearch-rest-*': 'org.elasticsearch.client',
  elasticsearch: 'org.elasticsearch',
  'elasticsearch-*': 'org.elasticsearch',
  'grpc-*': 'io.grpc',
  'hibernate-commons-annotations': 'org.hibernate.common',
  jna: 'net.java.dev.jna',
  'jna-platform': 'net.java.dev.jna',
  'lucene-*': 'org.apache.lucene',
  'lz4-java': 'org.lz4',
  mail: 'javax.mail',
  'spring-aspects': 'org.springframework',
  'spring-instrument*': 'org.springframework',
  velocity: 'org.apache.velocity',
  zookeeper: 'org.apache.zookeeper',
};

const EXACT = new Map(Object.entries(GROUPS).filter(([key]) => !key.endsWith('*')));
const PREFIXES = Object.entries(GROUPS)
  .filter(([key]) => key.endsWith('*'))
  .map(([key, group]): [string, string] => [key.slice(0, -1), group])
  .sort((a, b) => b[0].length - a[0].length);

/** Artifacts whose group changed with a release: the first major version of the newer group. */
const MOVED: { name: RegExp; since: number; older: string; newer: string }[] = [
  { name: /^asm(-(analysis|commons|tree|util|xml|all))?$/, since: 4, older: 'asm', newer: 'org.ow2.asm' },
  { name: /^groovy(-.+)?$/, since: 4, older: 'org.codehaus.groovy', newer: 'org.apache.groovy' },
  { name: /^rxjava$/, since: 3, older: 'io.reactivex.rxjava2', newer: 'io.reactivex.rxjava3' },
  { name: /^okhttp$/, since: 3, older: 'com.squareup.okhttp', newer: 'com.squareup.okhttp3' },
];

/** groupId under which an artifact of this name and version is published, when it is a well-known one. */
export function knownGroup(artifact: string, version = ''): string | undefined {
  const moved = MOVED.find(({ name }) => name.test(artifact));
  if (moved !== undefined) {
    const major = Number.parseInt(version, 10);
    return major < moved.since ? moved.older : moved.newer;
  }
  if (SELF_NAMED.has(artifact)) return artifact;
  return EXACT.get(artifact) ?? PREFIXES.find(([prefix]) => artifact.startsWith(prefix))?.[1];
}
