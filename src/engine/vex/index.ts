export { findStatement, type VexSubject } from './apply.ts';
export { analysisOf, type CyclonedxVex, cyclonedxVex } from './cyclonedx.ts';
export { analysisXml, cyclonedxVexXml } from './cyclonedx-xml.ts';
export type { VexImage } from './image-match.ts';
export type { ImageVex, ImageVexStatement } from './image-vex.ts';
export { openvex } from './openvex.ts';
export { readVex } from './read.ts';
export {
  type VexDocument,
  VexError,
  type VexFormat,
  type VexJustification,
  type VexProduct,
  type VexStatement,
  type VexStatus,
} from './types.ts';
