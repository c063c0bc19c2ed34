export { ECS_AGENT_VARIABLES, EcsAgentSettings } from './configuration.ts';
export { runEcsAgent } from './run-agent.ts';
