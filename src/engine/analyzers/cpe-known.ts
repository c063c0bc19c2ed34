/** Makers that the NVD uses for products whose package names do not tell. Keys: `type:product`. */
const BY_PRODUCT: Record<string, string[]> = {
  'npm:hapi': ['hapijs'],
  'npm:lodash': ['lodash'],
  'npm:express': ['expressjs', 'openjsf'],
  'npm:jquery': ['jquery'],
  'npm:handlebars': ['handlebarsjs'],
  'npm:handlebars.js': ['handlebarsjs'],
  'npm:is-my-json-valid': ['is_my_json_valid_project'],
  'npm:mustache': ['mustache.js_project'],
  'npm:react': ['facebook'],
  'npm:next': ['vercel'],
  'npm:electron': ['electronjs'],
  'npm:npm': ['npmjs'],
  'npm:ws': ['ws_project'],
  'python:django': ['djangoproject'],
  'python:jinja2': ['palletsprojects', 'pocoo'],
  'python:flask': ['palletsprojects'],
  'python:werkzeug': ['palletsprojects'],
  'python:pyyaml': ['pyyaml'],
  'python:numpy': ['numpy'],
  'python:pillow': ['python'],
  'python:python-rrdtool': ['rrdtool_project'],
  'python:urllib3': ['python'],
  'python:requests': ['python-requests', 'python'],
  'python:cryptography': ['cryptography.io'],
  'python:tensorflow': ['google'],
  'python:ansible': ['redhat'],
  'python:certifi': ['certifi'],
  'python:setuptools': ['python'],
  'python:pip': ['pypa', 'python'],
  'gem:rails': ['rubyonrails'],
  'gem:actionpack': ['rubyonrails'],
  'gem:activerecord': ['rubyonrails'],
  'gem:activesupport': ['rubyonrails'],
  'gem:actionview': ['rubyonrails'],
  'gem:rack': ['rack', 'rack_project'],
  'gem:nokogiri': ['nokogiri'],
  'gem:loofah': ['loofah_project'],
  'php-composer:symfony': ['sensiolabs'],
};

/** Makers by Maven group prefix, longest prefix first. */
const BY_GROUP: [string, string[]][] = [
  ['org.springframework.security', ['vmware', 'pivotal_software', 'pivotal', 'springsource']],
  ['org.springframework', ['vmware', 'pivotal_software', 'pivotal', 'springsource', 'spring']],
  ['com.fasterxml.jackson', ['fasterxml']],
  ['org.apache', ['apache']],
  ['commons-', ['apache']],
  ['log4j', ['apache']],
  ['struts', ['apache']],
  ['org.eclipse.jetty', ['eclipse', 'mortbay', 'jetty']],
  ['org.eclipse', ['eclipse']],
  ['org.hibernate', ['hibernate', 'redhat']],
  ['org.jboss', ['redhat', 'jboss']],
  ['io.undertow', ['redhat']],
  ['io.netty', ['netty']],
  ['com.google', ['google']],
  ['org.bouncycastle', ['bouncycastle']],
  ['org.elasticsearch', ['elastic', 'elasticsearch']],
  ['org.postgresql', ['postgresql']],
  ['mysql', ['oracle', 'mysql']],
  ['com.h2database', ['h2database']],
  ['org.yaml', ['snakeyaml_project']],
  ['org.jenkins-ci', ['jenkins', 'cloudbees']],
  ['com.oracle', ['oracle']],
  ['io.quarkus', ['quarkus', 'redhat']],
  ['org.keycloak', ['redhat', 'keycloak']],
];

/** Vendor names known for a product of an ecosystem; empty when none. `group` is the Maven groupId. */
export function knownVendors(type: string, product: string, group = ''): string[] {
  const direct = BY_PRODUCT[`${type}:${product.toLowerCase()}`];
  if (direct !== undefined) return direct;
  if (group === '') return [];
  const lower = group.toLowerCase();
  return (
    BY_GROUP.find(
      ([prefix]) => lower === prefix || lower.startsWith(prefix.endsWith('-') ? prefix : `${prefix}.`),
    )?.[1] ?? []
  );
}
