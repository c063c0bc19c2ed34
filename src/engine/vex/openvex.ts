import { documentTimes, type ImageVex, type ImageVexStatement, imagePurl, uuidOf } from './image-vex.ts';

/** An OpenVEX 0.2.0 document (openvex.dev) of what was judged about an image. Equal input gives equal bytes. */
export function openvex(vex: ImageVex) {
  const { created, updated, version } = documentTimes(vex);
  const purl = imagePurl(vex);
  // Readers want every qualifier of an id to be known: the digest alone is enough.
  const id = imagePurl({ digest: vex.digest, tags: vex.tags.slice(0, 1), bare: true });
  return {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': `urn:uuid:${uuidOf(`openvex ${vex.digest}`)}`,
    author: vex.author,
    timestamp: created,
    last_updated: updated,
    version,
    tooling: `windlass ${vex.toolVersion}`,
    statements: vex.statements.map((statement) => ({
      '@id': `urn:uuid:${statement.uuid}`,
      version: statement.version,
      vulnerability: {
        name: statement.vulnerability,
        ...(statement.aliases.length > 0 ? { aliases: statement.aliases } : {}),
      },
      timestamp: statement.created,
      last_updated: statement.updated,
      products: [
        {
          '@id': id,
          identifiers: { purl },
          hashes: { 'sha-256': vex.digest.replace(/^sha256:/, '') },
          ...(statement.packages
            ? {
                subcomponents: statement.packages.map((part) => ({
                  '@id': part.purl,
                  identifiers: { purl: part.purl },
                })),
              }
            : {}),
        },
      ],
      status: statement.status,
      ...(statement.statusNotes ? { status_notes: statement.statusNotes } : {}),
      ...reasons(statement),
    })),
  };
}

/**
 * What the specification demands beside a status: a justification or an impact statement for `not_affected`, an action
 * statement for `affected`. It allows each beside its own status alone; what has no place goes unsaid.
 */
function reasons({ status, justification, impactStatement, actionStatement }: ImageVexStatement) {
  if (status === 'affected') {
    const planned = justification === 'fix_not_planned' ? 'No fix is planned.' : 'No action has been stated.';
    return { action_statement: actionStatement ?? planned };
  }
  if (status !== 'not_affected') return {};
  const allowed = justification === 'fix_not_planned' ? undefined : justification;
  const impact = impactStatement ?? (allowed ? undefined : 'No reason has been stated.');
  return {
    ...(allowed ? { justification: allowed } : {}),
    ...(impact ? { impact_statement: impact } : {}),
  };
}
