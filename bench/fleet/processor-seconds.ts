import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Clock ticks of a second in /proc, as Linux has them everywhere. */
const TICKS = 100;

/** Seconds computed so far by this process and by the PostgreSQL server of a data folder, when there is one. */
export function processorSeconds(dataFolder: string | undefined): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6 + (dataFolder === undefined ? 0 : serverSeconds(dataFolder));
}

/** Of the server and its sessions, ended ones included; 0 where there is no /proc. */
function serverSeconds(dataFolder: string): number {
  const server = readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8').split('\n', 1)[0];
  let ticks = 0;
  for (const name of processes()) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (name !== server && fields[1] !== server) continue;
      ticks += fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    } catch {
      // It ended while it was looked at.
    }
  }
  return ticks / TICKS;
}

function processes(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name));
  } catch {
    return [];
  }
}
