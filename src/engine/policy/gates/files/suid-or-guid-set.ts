import { defineTrigger } from '../../gate.ts';
import { COMPATIBLE_ID_TEXT } from '../../trigger-id.ts';
import { modeText } from './file-mode.ts';

const SET_ID_BITS = 0o6000;

/** Fires once per path with the setuid or setgid bit, directories included. */
export const suidOrGuidSet = defineTrigger({
  name: 'suid_or_guid_set',
  description: 'A file or directory has the setuid or setgid bit.',
  parameters: {},
  *evaluate({ read }) {
    for (const file of read('files') ?? []) {
      if ((file.mode & SET_ID_BITS) === 0 || file.type === 'symlink') continue;
      const mode = modeText(file);
      yield {
        message: `Set-id bit on ${file.path} (mode ${mode}, owner ${file.uid}:${file.gid})`,
        key: file.path,
        idText: COMPATIBLE_ID_TEXT.setId(file.path, mode),
        evidence: { path: file.path, mode, uid: file.uid, gid: file.gid },
      };
    }
  },
});
