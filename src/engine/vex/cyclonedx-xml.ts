import { xmlElement as element, xmlList as list, xmlTextElement as text, xmlText } from '#shared/xml-writer.ts';
import type { CyclonedxVex } from './cyclonedx.ts';

/** An `analysis` as {@link analysisXml} writes it. */
export interface XmlAnalysis {
  state: string;
  justification?: string;
  response?: string[];
  detail?: string;
  firstIssued?: string;
  lastUpdated?: string;
}

/** The element `analysis` of a vulnerability. */
export function analysisXml(analysis: XmlAnalysis): string {
  return element(
    'analysis',
    text('state', analysis.state) +
      text('justification', analysis.justification) +
      list('responses', analysis.response, (word) => text('response', word)) +
      text('detail', analysis.detail) +
      text('firstIssued', analysis.firstIssued) +
      text('lastUpdated', analysis.lastUpdated),
  );
}

function component(item: CyclonedxVex['components'][number] | CyclonedxVex['metadata']['component']): string {
  return element('component', text('name', item.name) + text('version', item.version) + text('purl', item.purl), {
    type: item.type,
    'bom-ref': item['bom-ref'],
  });
}

function vulnerability(item: CyclonedxVex['vulnerabilities'][number]): string {
  const content = [
    text('id', item.id),
    list('references', item.references, (reference) =>
      element('reference', text('id', reference.id) + element('source', text('name', reference.source.name))),
    ),
    text('recommendation', item.recommendation),
    analysisXml(item.analysis),
    list('affects', item.affects, (target) => element('target', text('ref', target.ref))),
    list('properties', item.properties, (property) =>
      element('property', xmlText(property.value), { name: property.name }),
    ),
  ];
  return element('vulnerability', content.join(''), { 'bom-ref': item['bom-ref'] });
}

/** The same document in CycloneDX 1.6 XML. */
export function cyclonedxVexXml(document: CyclonedxVex): string {
  const { metadata } = document;
  const head = element(
    'metadata',
    text('timestamp', metadata.timestamp) +
      element(
        'tools',
        list('components', metadata.tools.components, (tool) =>
          element('component', text('name', tool.name) + text('version', tool.version), { type: tool.type }),
        ),
      ) +
      list('authors', metadata.authors, (author) => element('author', text('name', author.name))) +
      component(metadata.component),
  );
  const body =
    head +
    list('components', document.components, component) +
    list('vulnerabilities', document.vulnerabilities, vulnerability);
  const attributes = {
    xmlns: 'http://cyclonedx.org/schema/bom/1.6',
    serialNumber: document.serialNumber,
    version: String(document.version),
  };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('bom', body, attributes)}\n`;
}
