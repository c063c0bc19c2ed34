import type {
  ApplicationVersionSbom,
  ApplicationVersionVulnerabilityReport,
  UnavailableArtifact,
} from '#contract/applications-schemas.ts';
import { nativeSbom } from '#engine/sbom/index.ts';
import { type FindingService, isShown } from '#features/findings/index.ts';
import type { ImageService } from '#features/images/index.ts';
import type { SourceService } from '#features/sources/index.ts';
import { AppError } from '#shared/errors.ts';
import type { ApplicationService, AssociatedArtifact } from './service.ts';
import { applicationView, versionView } from './view.ts';
import { type ArtifactFindings, groupByVulnerability } from './vulnerability-report.ts';

export interface ReportDependencies {
  applications: ApplicationService;
  images: Pick<ImageService, 'analysis' | 'files'>;
  sources: Pick<SourceService, 'nativeSbom' | 'findings'>;
  findings: Pick<FindingService, 'shown' | 'nvdOf'>;
}

export type ApplicationReports = ReturnType<typeof createApplicationReports>;

/** What is known of everything that a version is made of, computed when it is asked for. */
export function createApplicationReports(deps: ReportDependencies) {
  const { applications, images, sources, findings } = deps;

  async function imageSbom(account: string, digest: string): Promise<Record<string, unknown>> {
    const { analysis } = await images.analysis(account, digest);
    const { files } = await images.files(account, digest);
    return nativeSbom(files ? { ...analysis, files } : analysis);
  }

  return {
    /** The native SBOMs of all artifacts. */
    async sbom(
      account: string,
      application: string,
      version: string,
      types?: string[],
    ): Promise<ApplicationVersionSbom> {
      const row = await applications.get(account, application);
      const versionRow = await applications.getVersion(account, application, version);
      const source_sboms: Record<string, unknown>[] = [];
      const image_sboms: Record<string, unknown>[] = [];
      const unavailable = await each(await applications.artifacts(account, versionRow, types), async ({ type, id }) => {
        if (type === 'image') image_sboms.push(await imageSbom(account, id));
        else source_sboms.push(JSON.parse((await sources.nativeSbom(account, id)).toString('utf8')));
      });
      return {
        application: applicationView(row),
        application_version: versionView(versionRow),
        created_at: new Date().toISOString(),
        source_sboms,
        image_sboms,
        ...(unavailable.length > 0 ? { unavailable_artifacts: unavailable } : {}),
      };
    },

    /** The vulnerabilities of all artifacts, by vulnerability. */
    async vulnerabilities(
      account: string,
      application: string,
      version: string,
      options: { willNotFix: boolean | undefined },
    ): Promise<ApplicationVersionVulnerabilityReport> {
      const row = await applications.get(account, application);
      const versionRow = await applications.getVersion(account, application, version);
      const artifacts = await applications.artifacts(account, versionRow);
      const found: ArtifactFindings[] = [];
      const unavailable = await each(artifacts, async ({ type, id }) => {
        const all =
          type === 'image'
            ? await findings.shown(account, id, { type: 'all', vendorOnly: false })
            : await sources.findings(account, id);
        const wanted = { type: 'all', willNotFix: options.willNotFix } as const;
        found.push({ id, type, findings: all.filter((finding) => isShown(finding, wanted)) });
      });
      return {
        application: {
          id: row.uuid,
          name: row.name,
          version_name: versionRow.version_name,
          version_id: versionRow.uuid,
          artifacts: {
            sources: artifacts.flatMap((artifact) =>
              artifact.type === 'source' ? { ...sourceName(artifact), uuid: artifact.association.artifact_id } : [],
            ),
            images: artifacts.flatMap(({ type, association }) =>
              type === 'image' ? { image_digest: association.artifact_id } : [],
            ),
          },
        },
        vulnerabilities: groupByVulnerability(found, await findings.nvdOf(found.flatMap((one) => one.findings))),
        ...(unavailable.length > 0 ? { unavailable_artifacts: unavailable } : {}),
      };
    },
  };
}

function sourceName({ association }: AssociatedArtifact): {
  host?: string;
  repository_name?: string;
  revision?: string;
} {
  return (association.source_name ?? {}) as { host?: string };
}

/** Reads each artifact in turn. Those that are gone or have no analysis are returned, with the reason. */
async function each(
  artifacts: readonly AssociatedArtifact[],
  read: (artifact: { type: 'image' | 'source'; id: string }) => Promise<void>,
): Promise<UnavailableArtifact[]> {
  const unavailable: UnavailableArtifact[] = [];
  for (const { type, association } of artifacts) {
    const id = association.artifact_id;
    try {
      await read({ type, id });
    } catch (error) {
      if (!(error instanceof AppError) || error.httpStatus !== 404) throw error;
      unavailable.push({ artifact_type: type, artifact_id: id, reason: error.message });
    }
  }
  return unavailable;
}
