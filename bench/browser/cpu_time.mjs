// CPU time of a process and its descendants, from /proc (Linux); null elsewhere. Other programs on the machine do not
// change it much, so it tells more than the clock where the machine is busy.
import { readdirSync, readFileSync } from 'node:fs';

const kMsPerTick = 10;  // USER_HZ is 100 on every Linux

/** @param {number} root process id */
export function cpuTimeMs(root) {
  if (process.platform !== 'linux') return null;
  const processes = new Map();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number)) {
    try {
      const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      processes.set(pid, { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) });
    } catch { /* it has ended meanwhile */ }
  }
  const family = new Set([root]);
  for (const pid of family) {
    for (const [other, { parent }] of processes) if (parent === pid) family.add(other);
  }
  return [...family].reduce((sum, pid) => sum + (processes.get(pid)?.ticks ?? 0) * kMsPerTick, 0);
}
