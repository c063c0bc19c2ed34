import { z } from 'zod';
import { defineOperation } from './operation.ts';

/** Part of `FileContentSearchResult`, `SecretSearchResult`. */
export const RegexContentMatch = z
  .object({
    name: z.string().optional(),
    regex: z.string().optional(),
    lines: z.array(z.int()).optional(),
  })
  .meta({ id: 'RegexContentMatch' });
export type RegexContentMatch = z.output<typeof RegexContentMatch>;

/** Part of `FileContentSearchList`. */
export const FileContentSearchResult = z
  .object({
    path: z.string().optional(),
    matches: z.array(RegexContentMatch).optional(),
  })
  .meta({ id: 'FileContentSearchResult' });
export type FileContentSearchResult = z.output<typeof FileContentSearchResult>;

/** Answer of `list_file_content_search_results`. */
export const FileContentSearchList = z.array(FileContentSearchResult).meta({ id: 'FileContentSearchList' });
export type FileContentSearchList = z.output<typeof FileContentSearchList>;

/** Part of `RetrievedFileList`. */
export const RetrievedFile = z
  .object({
    path: z.string().optional(),
    b64_content: z.string().optional(),
  })
  .meta({ id: 'RetrievedFile' });
export type RetrievedFile = z.output<typeof RetrievedFile>;

/** Answer of `list_retrieved_files`. */
export const RetrievedFileList = z.array(RetrievedFile).meta({ id: 'RetrievedFileList' });
export type RetrievedFileList = z.output<typeof RetrievedFileList>;

/** Part of `SecretSearchList`. */
export const SecretSearchResult = z
  .object({
    path: z.string().optional(),
    matches: z.array(RegexContentMatch).optional(),
  })
  .meta({ id: 'SecretSearchResult' });
export type SecretSearchResult = z.output<typeof SecretSearchResult>;

/** Answer of `list_secret_search_results`. */
export const SecretSearchList = z.array(SecretSearchResult).meta({ id: 'SecretSearchList' });
export type SecretSearchList = z.output<typeof SecretSearchList>;

/** Operations of image artifacts. */
export const imageArtifactsOperations = {
  /** List files with content that matched a search. */
  list_file_content_search_results: defineOperation({
    id: 'list_file_content_search_results',
    method: 'GET',
    path: '/images/{image_digest}/artifacts/file-content-search',
    tag: 'Images',
    summary: 'List files with content that matched a search',
    permission: { action: 'getImage', domain: 'account' },
    params: z.object({ image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/) }),
    success: { status: 200, schema: FileContentSearchList },
    errors: [400, 403, 404, 500],
  }),
  /** List files kept by the analysis. */
  list_retrieved_files: defineOperation({
    id: 'list_retrieved_files',
    method: 'GET',
    path: '/images/{image_digest}/artifacts/retrieved-files',
    tag: 'Images',
    summary: 'List files kept by the analysis',
    permission: { action: 'getImage', domain: 'account' },
    params: z.object({ image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/) }),
    success: { status: 200, schema: RetrievedFileList },
    errors: [400, 403, 404, 500],
  }),
  /** List secrets found in an image. */
  list_secret_search_results: defineOperation({
    id: 'list_secret_search_results',
    method: 'GET',
    path: '/images/{image_digest}/artifacts/secret-search',
    tag: 'Images',
    summary: 'List secrets found in an image',
    permission: { action: 'getImage', domain: 'account' },
    params: z.object({ image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/) }),
    success: { status: 200, schema: SecretSearchList },
    errors: [400, 403, 404, 500],
  }),
};
