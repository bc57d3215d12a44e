import { measureOverlap, type Overlap, type OverlapTask } from '@refit/data';
import type { Job } from '@refit/workers';

const overlap: Job<OverlapTask, readonly Overlap[]> = (task, { signal, native }) => measureOverlap(task, { signal, native });

export default overlap;
