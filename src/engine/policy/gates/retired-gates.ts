import type { Gate } from '../gate.ts';

/** Gates of long ago: refused on save, skipped with a problem in stored documents. */
const RETIRED: readonly { name: string; supersededBy?: string; triggers: readonly string[] }[] = [
  { name: 'suiddiff', triggers: ['suiddiff', 'suidfileadd', 'suidfiledel', 'suidmodediff'] },
  { name: 'imagecheck', triggers: ['baseoutofdate'] },
  { name: 'pkgdiff', triggers: ['pkgversiondiff', 'pkgadd', 'pkgdel', 'pkgdiff'] },
  {
    name: 'anchoresec',
    supersededBy: 'vulnerabilities',
    triggers: [
      'vulnlow',
      'vulnmedium',
      'vulnhigh',
      'vulncritical',
      'vulnunknown',
      'feedoutofdate',
      'unsupporteddistro',
    ],
  },
  { name: 'pkgcheck', supersededBy: 'packages', triggers: ['pkgnotpresent', 'verify'] },
  {
    name: 'dockerfilecheck',
    supersededBy: 'dockerfile',
    triggers: [
      'directivecheck',
      'effectiveuser',
      'expose',
      'nofrom',
      'fromscratch',
      'notag',
      'sudo',
      'volumepresent',
      'nohealthcheck',
      'nodockerfile',
    ],
  },
  { name: 'filecheck', supersededBy: 'files', triggers: ['contentmatch', 'filenamematch', 'suidsgidcheck'] },
  {
    name: 'fileparse_passwd',
    supersededBy: 'passwd_file',
    triggers: ['filenotstored', 'usernamematch', 'useridmatch', 'groupidmatch', 'shellmatch', 'pentrymatch'],
  },
  {
    name: 'gemcheck',
    supersededBy: 'ruby_gems',
    triggers: ['gemnotlatest', 'gemnotofficial', 'gembadversion', 'gempkgfullmatch', 'gempkgnamematch', 'gemnofeed'],
  },
  { name: 'metadatacheck', supersededBy: 'metadata', triggers: ['attributecheck'] },
  { name: 'licblacklist', supersededBy: 'licenses', triggers: ['licfullmatch', 'licsubmatch'] },
  {
    name: 'npmcheck',
    supersededBy: 'npms',
    triggers: ['npmnotlatest', 'npmnotofficial', 'npmbadversion', 'npmpkgfullmatch', 'npmpkgnamematch', 'npmnofeed'],
  },
  { name: 'pkgblacklist', supersededBy: 'packages', triggers: ['pkgfullmatch', 'pkgnamematch'] },
  { name: 'secretcheck', supersededBy: 'secret_scans', triggers: ['contentmatch', 'filenamematch'] },
];

/** The retired gates, for the gate list and for validation. */
export const RETIRED_GATES: readonly Gate[] = RETIRED.map(({ name, supersededBy, triggers }) => ({
  name,
  description: 'Retired.',
  state: 'eol',
  ...(supersededBy === undefined ? {} : { supersededBy }),
  triggers: triggers.map((trigger) => ({
    name: trigger,
    description: 'Retired.',
    state: 'eol',
    artifactTypes: ['image'],
    parameters: {},
    evaluate: () => [],
  })),
}));
