import type { Client } from '#client/index.ts';
import { applicationsOperations } from '#contract/applications.ts';
import { CliFailure } from '../../failure.ts';
import { resolveImage } from '../../resolve-image.ts';
import { resolveSource } from '../../resolve-source.ts';

/** The application of a name or id. Throws CliFailure. */
export async function resolveApplication(client: Client, name: string): Promise<string> {
  const rows = await client.call(applicationsOperations.get_applications);
  const found = rows.find((row) => row.application_id === name) ?? rows.find((row) => row.name === name);
  if (!found?.application_id)
    throw new CliFailure(`application not found: ${name}`, { hint: 'See windlass application list.' });
  return found.application_id;
}

/** The version of a name or id of an application of a name or id, as parameters of a path. Throws CliFailure. */
export async function resolveVersion(client: Client, application: string, version: string) {
  const application_id = await resolveApplication(client, application);
  const rows = await client.call(applicationsOperations.get_application_versions, { params: { application_id } });
  const found =
    rows.find((row) => row.application_version_id === version) ?? rows.find((row) => row.version_name === version);
  if (!found?.application_version_id)
    throw new CliFailure(`application ${application} has no version ${version}`, {
      hint: `See windlass application versions ${application}.`,
    });
  return { application_id, application_version_id: found.application_version_id };
}

/** The artifact that `--image` or `--source` names, by the type and id of the API. */
export async function resolveArtifact(
  client: Client,
  artifact: { image: string } | { source: string },
): Promise<{ artifact_type: 'image' | 'source'; artifact_id: string }> {
  if ('image' in artifact)
    return { artifact_type: 'image', artifact_id: (await resolveImage(client, artifact.image)).digest };
  return { artifact_type: 'source', artifact_id: (await resolveSource(client, artifact.source)).uuid };
}
