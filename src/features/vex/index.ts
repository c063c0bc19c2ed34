export { type JudgeableFinding, judgeFindings, judgementsOf } from './judgements.ts';
export { vexRoutes } from './routes.ts';
export { createVexService, type VexService } from './service.ts';
export { judgementDigest, type StoredStatement, statementsAbout } from './store.ts';
