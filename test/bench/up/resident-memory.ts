import { readdirSync, readFileSync } from 'node:fs';

/** Resident memory of a process and all that it has started, in MB (Linux). */
export function residentMemory(pid: number): number {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap(statusOf);
  const tree = new Set([pid]);
  for (let before = 0; before < tree.size; ) {
    before = tree.size;
    for (const { id, parent } of processes) if (tree.has(parent)) tree.add(id);
  }
  return processes.filter(({ id }) => tree.has(id)).reduce((sum, { kilobytes }) => sum + kilobytes, 0) / 1024;
}

function statusOf(name: string): { id: number; parent: number; kilobytes: number }[] {
  try {
    const status = readFileSync(`/proc/${name}/status`, 'utf8');
    const field = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
    return [{ id: Number(name), parent: field('PPid'), kilobytes: field('VmRSS') }];
  } catch {
    return []; // it has ended meanwhile
  }
}
