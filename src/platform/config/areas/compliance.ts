import { z } from 'zod';
import { integer, seconds } from '../fields.ts';
import { setting } from '../setting.ts';

export const complianceArea = {
  title: 'Compliance',
  schema: z.strictObject({
    max_file_size_mb: setting(
      {
        env: 'WINDLASS_COMPLIANCE_MAX_FILE_SIZE_MB',
        doc: 'Largest result, report or HDF file of a compliance check.',
      },
      integer(128, 1, 2_048),
    ),
    parse_timeout_seconds: setting(
      {
        env: 'WINDLASS_COMPLIANCE_PARSE_TIMEOUT_SECONDS',
        doc: 'A result file that takes longer to read is refused.',
      },
      seconds(60, 1, 3_600),
    ),
  }),
};
