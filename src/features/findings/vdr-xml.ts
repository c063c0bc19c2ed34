import { analysisXml } from '#engine/vex/index.ts';
import { xmlElement as element, xmlList as list, xmlTextElement as text } from '#shared/xml-writer.ts';
import type { VulnerabilityReport } from './vdr.ts';

interface Component {
  'bom-ref': string;
  type: string;
  name: string;
  version?: string;
  purl?: string;
}

function component(item: Component): string {
  return element('component', text('name', item.name) + text('version', item.version) + text('purl', item.purl), {
    type: item.type,
    'bom-ref': item['bom-ref'],
  });
}

function vulnerability(item: VulnerabilityReport['vulnerabilities'][number]): string {
  const content = [
    text('id', item.id),
    element('source', text('name', item.source.name) + text('url', item.source.url)),
    list('references', item.references, (reference) =>
      element('reference', text('id', reference.id) + element('source', text('name', reference.source.name))),
    ),
    list('ratings', item.ratings, (rating) =>
      element(
        'rating',
        element('source', text('name', rating.source.name)) +
          text('score', rating.score) +
          text('severity', rating.severity) +
          text('method', rating.method) +
          text('vector', rating.vector),
      ),
    ),
    list('cwes', item.cwes, (cwe) => text('cwe', cwe)),
    text('description', item.description),
    text('recommendation', item.recommendation),
    list('advisories', item.advisories, (advisory) => element('advisory', text('url', advisory.url))),
    text('published', item.published),
    text('updated', item.updated),
    item.analysis ? analysisXml(item.analysis) : '',
    list('affects', item.affects, (affect) =>
      element(
        'target',
        text('ref', affect.ref) +
          list('versions', affect.versions, (version) =>
            element('version', text('version', version.version) + text('status', version.status)),
          ),
      ),
    ),
  ];
  return element('vulnerability', content.join(''), { 'bom-ref': item['bom-ref'] });
}

/** The same report in CycloneDX 1.6 XML. */
export function vulnerabilityReportXml(report: VulnerabilityReport): string {
  const { metadata } = report;
  const body =
    element(
      'metadata',
      text('timestamp', metadata.timestamp) +
        element(
          'tools',
          list('components', metadata.tools.components, (tool) =>
            element('component', text('name', tool.name) + text('version', tool.version), { type: tool.type }),
          ),
        ) +
        component(metadata.component),
    ) +
    list('components', report.components, component) +
    list('vulnerabilities', report.vulnerabilities, vulnerability);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('bom', body, { xmlns: 'http://cyclonedx.org/schema/bom/1.6', version: '1' })}\n`;
}
