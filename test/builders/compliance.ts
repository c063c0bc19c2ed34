/** A rule of a made-up benchmark, with how it came out. */
export interface SampleRule {
  id: string;
  result: string;
  title?: string;
  severity?: string;
  ident?: { system: string; value: string };
  reference?: { href: string; text: string };
  message?: string;
}

/** A made-up run. */
export interface SampleRun {
  rules: readonly SampleRule[];
  version?: '1.1' | '1.2';
  profile?: string;
  endTime?: string;
  target?: string;
  score?: number;
}

const NAMESPACE = { '1.1': 'http://checklists.nist.gov/xccdf/1.1', '1.2': 'http://checklists.nist.gov/xccdf/1.2' };

function escaped(text: string): string {
  return text.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Rules of a benchmark in one group, as XCCDF. */
function rulesText(rules: readonly SampleRule[]): string {
  return rules
    .map(
      ({ id, title, severity, ident, reference }) => `
    <Rule id="${id}" severity="${severity ?? 'medium'}" selected="true">
      <title xml:lang="en">${escaped(title ?? `Title of ${id}`)}</title>
      <description>Set <html:code xmlns:html="http://www.w3.org/1999/xhtml">${id}</html:code> &amp; be safe.</description>
      ${reference ? `<reference href="${reference.href}">${reference.text}</reference>` : ''}
      <rationale>It is safer.</rationale>
      ${ident ? `<ident system="${ident.system}">${ident.value}</ident>` : ''}
      <fixtext>Turn it on.</fixtext>
    </Rule>`,
    )
    .join('');
}

/** The `TestResult` element of a run. */
export function testResult(run: SampleRun, namespace = ''): string {
  const { rules, profile = 'profile_standard', endTime = '2026-03-01T10:00:05', target = 'web-1', score = 50 } = run;
  return `<TestResult${namespace} id="result_1" start-time="2026-03-01T10:00:00" end-time="${endTime}" test-system="cpe:/a:sample:scanner:1" version="7">
    <benchmark href="file.xml" id="benchmark_sample"/>
    <profile idref="${profile}"/>
    <target>${target}</target>
    ${rules
      .map(
        ({ id, result, severity, message }) => `
    <rule-result idref="${id}" time="${endTime}" severity="${severity ?? 'medium'}" weight="1.0">
      <result>${result}</result>
      ${message ? `<message severity="info">${escaped(message)}</message>` : ''}
      <check system="http://oval.mitre.org/XMLSchema/oval-definitions-5"><check-content-ref name="oval:${id}:def:1" href="oval.xml"/></check>
    </rule-result>`,
      )
      .join('')}
    <score system="urn:xccdf:scoring:default" maximum="100">${score}</score>
  </TestResult>`;
}

/** A benchmark with its result, as `oscap xccdf eval --results` writes it. */
export function xccdf(run: SampleRun, declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'): string {
  const namespace = NAMESPACE[run.version ?? '1.2'];
  return `${declaration}<Benchmark xmlns="${namespace}" id="benchmark_sample">
  <title>Sample benchmark</title>
  <version>7</version>
  <Profile id="${run.profile ?? 'profile_standard'}"><title>Standard profile</title></Profile>
  <Group id="group_1"><title>First group</title>${rulesText(run.rules)}
  </Group>
  ${testResult(run)}
</Benchmark>`;
}

/** A report in the Asset Reporting Format, with the benchmark in its source data stream. */
export function arf(run: SampleRun, padding = ''): string {
  const namespace = NAMESPACE['1.2'];
  return `<?xml version="1.0" encoding="UTF-8"?>
<arf:asset-report-collection xmlns:arf="http://scap.nist.gov/schema/asset-reporting-format/1.1">
  <arf:report-requests><arf:report-request id="collection1"><arf:content>
    <ds:data-stream-collection xmlns:ds="http://scap.nist.gov/schema/scap/source/1.2"><ds:component>
      <Benchmark xmlns="${namespace}" id="benchmark_sample"><title>Sample benchmark</title><version>7</version>
        <Profile id="${run.profile ?? 'profile_standard'}"><title>Standard profile</title></Profile>
        <Group id="group_1">${rulesText(run.rules)}</Group>
      </Benchmark>
    </ds:component></ds:data-stream-collection>
  </arf:content></arf:report-request></arf:report-requests>
  <arf:assets><arf:asset id="asset0">
    <ai:computing-device xmlns:ai="http://scap.nist.gov/schema/asset-identification/1.1"><ai:fqdn>web-1.example.org</ai:fqdn></ai:computing-device>
  </arf:asset></arf:assets>
  <arf:reports>
    <arf:report id="xccdf1"><arf:content>${testResult(run, ` xmlns="${namespace}"`)}</arf:content></arf:report>
    <arf:report id="oval0"><arf:content>
      <oval_results xmlns="http://oval.mitre.org/XMLSchema/oval-results-5">${padding}</oval_results>
    </arf:content></arf:report>
  </arf:reports>
</arf:asset-report-collection>`;
}
