import { CDX_JUSTIFICATION, PROPERTY, STATE } from './cyclonedx-words.ts';
import { documentTimes, type ImageVex, type ImageVexStatement, imagePurl, uuidOf } from './image-vex.ts';

/** A CycloneDX 1.6 VEX document of what was judged about an image. Equal input gives equal bytes. */
export function cyclonedxVex(vex: ImageVex) {
  const { updated, version } = documentTimes(vex);
  const parts = new Map(
    vex.statements.flatMap(({ packages }) => (packages ?? []).map((part) => [part.purl, part] as const)),
  );
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX' as const,
    specVersion: '1.6' as const,
    serialNumber: `urn:uuid:${uuidOf(`cyclonedx ${vex.digest}`)}`,
    version,
    metadata: {
      timestamp: updated,
      tools: { components: [{ type: 'application', name: 'windlass', version: vex.toolVersion }] },
      authors: [{ name: vex.author }],
      component: {
        type: 'container',
        'bom-ref': vex.digest,
        name: vex.tags[0]?.replace(/:[^:/]*$/, '') ?? vex.digest,
        version: vex.digest,
        purl: imagePurl(vex),
      },
    },
    components: [...parts.values()].map(({ name, version: own, purl }) => ({
      type: 'library',
      'bom-ref': purl,
      name,
      version: own,
      purl,
    })),
    vulnerabilities: vex.statements.map((statement) => ({
      'bom-ref': `urn:uuid:${statement.uuid}`,
      id: statement.vulnerability,
      ...(statement.aliases.length > 0
        ? { references: statement.aliases.map((id) => ({ id, source: { name: 'alias' } })) }
        : {}),
      ...(statement.actionStatement ? { recommendation: statement.actionStatement } : {}),
      analysis: analysisOf(statement),
      affects: (statement.packages?.map((part) => part.purl) ?? [vex.digest]).map((ref) => ({ ref })),
      properties: properties(statement),
    })),
  };
}

/** The document of {@link cyclonedxVex}. */
export type CyclonedxVex = ReturnType<typeof cyclonedxVex>;

/** A judgement as the `analysis` of a CycloneDX vulnerability. */
export function analysisOf(
  statement: Pick<ImageVexStatement, 'status' | 'justification' | 'statusNotes' | 'impactStatement'> &
    Partial<Pick<ImageVexStatement, 'created' | 'updated'>>,
) {
  const { status, justification, statusNotes, impactStatement, created, updated } = statement;
  const word = justification && CDX_JUSTIFICATION[justification];
  const detail = [impactStatement, statusNotes].filter((part) => part !== undefined).join('\n\n');
  return {
    state: STATE[status],
    ...(word ? { justification: word } : {}),
    ...(justification === 'fix_not_planned' ? { response: ['will_not_fix'] } : {}),
    ...(detail ? { detail } : {}),
    ...(created ? { firstIssued: created } : {}),
    ...(updated ? { lastUpdated: updated } : {}),
  };
}

function properties({ justification, statusNotes, impactStatement, actionStatement }: ImageVexStatement) {
  const values: [string, string | undefined][] = [
    [PROPERTY.justification, justification],
    [PROPERTY.statusNotes, statusNotes],
    [PROPERTY.impactStatement, impactStatement],
    [PROPERTY.actionStatement, actionStatement],
  ];
  return values.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}
