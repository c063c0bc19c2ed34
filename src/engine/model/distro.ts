/** The operating-system distribution of an image (or of one package-database root inside it), after os-release(5). */
export interface Distro {
  /** `ID`, lower case: debian, ubuntu, rhel, alpine, wolfi … */
  id: string;
  /** `VERSION_ID` after refinement (debian_version, redhat-release …); absent for rolling distributions. */
  versionId?: string;
  /** `VERSION_CODENAME`. */
  codename?: string;
  /** `ID_LIKE`, split. */
  idLike: string[];
  name?: string;
  prettyName?: string;
  /** Support channel the image opted into: `eus` (RHEL) or `esm` (Ubuntu Pro). */
  channel?: 'eus' | 'esm';
  /** Path of the file that told. */
  evidence: string;
}
