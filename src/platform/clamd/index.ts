export { type ClamdClient, ClamdError, type ClamdVersion, createClamdClient } from './client.ts';
