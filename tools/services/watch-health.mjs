import { prefix, say, shown } from './words.mjs';

const lookEveryMs = 3000;

/** Says when the trigger becomes unwell, why, and when it is well again: what the other services wait for, it waits for too. */
export function watchHealth(http) {
  let told = '';
  const look = async () => {
    const { status, why = [] } = await fetch(`${http}/healthz`).then((answer) => answer.json(), () => ({ status: 'away' }));
    if (status === 'away') return; // its end is told by who starts it again
    const now = status === 'unwell' ? [why].flat().join('; ') : '';
    if (now !== told) say(`${prefix('trigger')} ${now === '' ? 'is well again' : `waits: ${shown(now)}`}`);
    told = now;
  };
  const timer = setInterval(() => void look(), lookEveryMs);
  return { stop: () => clearInterval(timer) };
}
