import { writeFileSync } from 'node:fs';
import { connect } from '@refit/refit';
import { announceDay, type Addresses } from '../support/play-shop.ts';
import { dayCsv, dayName, shopPipeline } from '../support/shop-data.ts';

/** How long a training takes: seconds on a day of orders, minutes on more. */
export type Slowness = keyof typeof sizes;

const sizes = { seconds: { days: 1, trees: 4000, leaves: 31 }, minutes: { days: 25, trees: 10_000, leaves: 255 } } as const;

/** A pipeline of this name whose one run is in training for a while. */
export async function startSlowTraining({ http, grpc }: Addresses, name: string, slowness: Slowness, file: string): Promise<void> {
  const { days, ...size } = sizes[slowness];
  writeFileSync(file, manyDays(days));
  const trainer = `{ kind: gradient-boosting, trees: ${size.trees}, leaves: ${size.leaves}, minimumRowsPerLeaf: 1, earlyStoppingRounds: 0 }`;
  const client = connect(grpc);
  try {
    await client.admin.applyPipeline({ fileName: `${name}.yaml`, text: shopPipeline(name).replace('{ kind: linear }', trainer), baseDirectory: '/', actor: 'test' });
  } finally {
    client.close();
  }
  await announceDay(http, dayName(1), file, name);
}

function manyDays(count: number): string {
  const [header, ...rows] = dayCsv(1).trimEnd().split('\n');
  const more = Array.from({ length: count - 1 }, (_, i) => dayCsv(100 + i).trimEnd().split('\n').slice(1)).flat();
  return [header, ...rows, ...more, ''].join('\n');
}
