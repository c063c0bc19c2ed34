/** XCCDF 1.1 (NISTIR 7275r3) and 1.2 (NISTIR 7275r4) by namespace. */
export const XCCDF: ReadonlyMap<string, '1.1' | '1.2'> = new Map([
  ['http://checklists.nist.gov/xccdf/1.1', '1.1'],
  ['http://checklists.nist.gov/xccdf/1.2', '1.2'],
]);
