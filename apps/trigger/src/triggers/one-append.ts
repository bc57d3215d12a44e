import type { Reason } from '@refit/contracts';

/** What is judged and appended together: an append takes 1 MiB, of which a start may need 64 KiB. */
const limits = { reasons: 256, bytes: 768 * 1024 } as const;

/** The first of the reasons whose verdicts go into one append: as many as fit, of one actor. */
export function forOneAppend(reasons: readonly Reason[]): readonly Reason[] {
  const actor = reasons[0]?.actor;
  let room: number = limits.bytes;
  const end = reasons.findIndex((reason, index) => {
    room -= largestVerdict(reason);
    return index > 0 && (index === limits.reasons || room < 0 || reason.actor !== actor);
  });
  return end === -1 ? reasons : reasons.slice(0, end);
}

/** Bytes of its ReasonJudged at most: its texts (the sentence repeats source and id), and the rest. */
const largestVerdict = ({ source, id, summary, origin, batch }: Reason) =>
  Buffer.byteLength(JSON.stringify([source, id, source, id, summary, origin, batch?.dataset, batch?.name, batch?.uri])) + 1024;
