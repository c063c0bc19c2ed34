/** Changes whenever a rule of matching, a version order or the identity of packages does: then all packages have to be matched again. */
export const MATCHER_VERSION = 2;
