import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { flag, integer, seconds, text } from '../fields.ts';
import { setting } from '../setting.ts';

export const analysisArea = {
  title: 'Analysis',
  schema: z.strictObject({
    workers: setting(
      {
        env: 'WINDLASS_ANALYSIS_WORKERS',
        doc: 'Images analysed at once, each in a thread.',
        defaultText: 'processors − 1, at least 1',
      },
      integer(Math.max(1, availableParallelism() - 1), 1, 256),
    ),
    worker_memory_mb: setting(
      {
        env: 'WINDLASS_ANALYSIS_WORKER_MEMORY_MB',
        doc: 'JavaScript heap of one analysis thread (accepted; not used yet).',
      },
      integer(1_024, 128, 65_536),
    ),
    timeout_seconds: setting(
      {
        env: 'WINDLASS_ANALYSIS_TIMEOUT_SECONDS',
        aliases: ['ANCHORE_IMAGE_ANALYZE_TIMEOUT_SECONDS'],
        doc: 'An analysis which takes longer fails.',
      },
      seconds(36_000, 10, 604_800),
    ),
    temporary_dir: setting(
      {
        env: 'WINDLASS_TEMPORARY_DIR',
        aliases: ['ANCHORE_TMP_DIR'],
        doc: 'Scratch space of analyses.',
        defaultText: '`tmp` in the data folder',
      },
      text(),
    ),
    max_compressed_image_size_mb: setting(
      {
        env: 'WINDLASS_MAX_COMPRESSED_IMAGE_SIZE_MB',
        aliases: ['ANCHORE_MAX_COMPRESSED_IMAGE_SIZE_MB'],
        doc: 'Larger images are refused; −1 means no bound.',
      },
      integer(-1, -1, 10_000_000),
    ),
    max_import_content_size_mb: setting(
      {
        env: 'WINDLASS_MAX_IMPORT_CONTENT_SIZE_MB',
        aliases: ['ANCHORE_MAX_IMPORT_CONTENT_SIZE_MB'],
        doc: 'Largest document of an import.',
      },
      integer(100, 1, 100_000),
    ),
    max_import_source_size_mb: setting(
      {
        env: 'WINDLASS_MAX_IMPORT_SOURCE_SIZE_MB',
        aliases: ['ANCHORE_MAX_IMPORT_SOURCE_SIZE_MB'],
        doc: 'Largest SBOM of a source repository.',
      },
      integer(100, 1, 100_000),
    ),
    layer_cache_gb: setting(
      {
        env: 'WINDLASS_LAYER_CACHE_GB',
        aliases: ['ANCHORE_LAYER_CACHE_SIZE_GB'],
        doc: 'Disk for downloaded layers which other images may share; 0 keeps none (accepted; not used yet).',
      },
      integer(0, 0, 100_000),
    ),
    analyzer_config_file: setting(
      {
        env: 'WINDLASS_ANALYZER_CONFIG_FILE',
        doc: 'YAML file with `secret_search`, `content_search` and `retrieve_files`, as Anchore has it (`analyzer_config.yaml`). Images are analysed anew when they are added after a change.',
        defaultText: 'built-in rules for secrets, no content search, `/etc/passwd` kept',
      },
      text(),
    ),
    clamav_address: setting(
      {
        env: 'WINDLASS_CLAMAV_ADDRESS',
        doc: 'Where a ClamAV daemon (`clamd`) listens: a socket file, or `host:port`. Images are scanned for malware when it is set; see docs/malware.md.',
        defaultText: 'no scan for malware',
      },
      text(),
    ),
    clamav_max_file_mb: setting(
      {
        env: 'WINDLASS_CLAMAV_MAX_FILE_MB',
        doc: 'Larger files are not sent to ClamAV; its own `StreamMaxLength` should be as large.',
      },
      integer(100, 1, 4_096),
    ),
    clamav_timeout_seconds: setting(
      {
        env: 'WINDLASS_CLAMAV_TIMEOUT_SECONDS',
        doc: 'Longest scan of one image for malware; then the image counts as not scanned.',
      },
      seconds(1_800, 10, 86_400),
    ),
    enable_hints: setting(
      {
        env: 'WINDLASS_ENABLE_HINTS',
        aliases: ['ANCHORE_HINTS_ENABLED'],
        doc: 'Read `/anchore_hints.json` of an image, which adds and overrides packages. Whoever makes an image can change its report by it.',
      },
      flag(false),
    ),
  }),
};
