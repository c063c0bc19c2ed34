export { cyclonedxSbom } from './cyclonedx.ts';
export { nativeSbom } from './native.ts';
export { packageName, packageTypeOf, parsePurl } from './parse-purl.ts';
export { readSbom, SbomError } from './read.ts';
export { readNativeFiles } from './read-native-files.ts';
export { type SbomOptions, spdxSbom } from './spdx.ts';
