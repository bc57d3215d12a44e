import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configFrom, connect, startSystem } from '@refit/refit';
import { tokenHash } from '@refit/service';
import { pipelineText } from '../support/shop-data.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('an installation whose operators are named', () => {
  const { folder } = temporaryFolder('operators');

  it('answers them only, and records who asked by their token', async () => {
    const operators = [{ name: 'alice', tokenSha256: tokenHash('open-sesame') }];
    const system = await startSystem({ ...configFrom({ dataDir: join(folder, 'state'), port: 0, grpcPort: 0, allowRoot: [folder] }), operators });
    const [stranger, alice] = [connect(`127.0.0.1:${system.grpcPort}`), connect(`127.0.0.1:${system.grpcPort}`, 'open-sesame')];
    try {
      const pipeline = { fileName: 'shop.yaml', text: pipelineText, baseDirectory: folder, actor: 'mallory' };
      await expect(stranger.admin.applyPipeline(pipeline)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
      await expect(stranger.admin.listRuns({})).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
      await expect(stranger.registry.listModels({})).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
      await expect(stranger.validation.acceptProposals({ dataset: 'shop', ids: ['1'], actor: 'alice' })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
      const watching = stranger.admin.watchRuns({})[Symbol.asyncIterator]();
      await expect(watching.next()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });

      await alice.admin.applyPipeline(pipeline);
      for await (const { metadata } of system.runtime.store.readStream('pipeline-shop')) expect(metadata).toMatchObject({ actor: 'alice' });
      const { pipelines } = await alice.admin.listPipelines({});
      expect(pipelines).toHaveLength(1);

      const decay = {
        method: 'POST',
        body: JSON.stringify({ specversion: '1.0', type: 'refit.decay.detected.v1', source: 's', id: '1', data: { pipeline: 'shop', severity: 'high' } }),
      };
      const headers = { 'content-type': 'application/cloudevents+json' };
      expect((await fetch(`http://127.0.0.1:${system.httpPort}/events`, { ...decay, headers })).status).toBe(401);
      const taken = await fetch(`http://127.0.0.1:${system.httpPort}/events`, { ...decay, headers: { ...headers, authorization: 'Bearer open-sesame' } });
      expect(taken.status).toBe(202);
      const { reasons } = await alice.admin.listReasons({});
      expect(reasons.map(({ judged }) => judged?.reason?.actor)).toEqual(['alice']);
    } finally {
      stranger.close();
      alice.close();
      await system.stop();
    }
  });
});
