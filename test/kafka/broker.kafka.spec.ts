import { expect, it } from 'vitest';
import { describeConsoleTools, describeKcat, describeOwnKafka, freshPrefix } from '../support/kafka/describe-kafka.ts';

describeConsoleTools('the broker that specs share', (_kafka, run) => {
  it('does what Kafka\'s console tools ask', async () => {
    const topic = `${freshPrefix()}topic`;
    await run('kafka-topics', ['--create', '--topic', topic, '--partitions', '1']);
    await run('kafka-console-producer', ['--topic', topic], 'one\ntwo\n');
    expect(await run('kafka-console-consumer', ['--topic', topic, '--from-beginning', '--max-messages', '2', '--timeout-ms', '20000'])).toBe('one\ntwo\n');
  });
});

describeKcat('the broker that specs share, to others', (_kafka, kcat) => {
  it('makes no topic that nobody asked for', () => {
    const topic = `${freshPrefix()}topic`;
    expect(() => kcat(['-P', '-t', topic, '-X', 'message.timeout.ms=3000'], 'lost')).toThrow(topic);
  });
});

describeOwnKafka('a broker of one\'s own', (start) => {
  it('keeps its address and its data when it is killed and started again', async () => {
    const broker = await start();
    try {
      const { brokers, pid } = broker;
      await broker.kill();
      await broker.restart();
      expect(broker.brokers).toBe(brokers);
      expect(broker.pid === undefined || broker.pid !== pid).toBe(true);
    } finally {
      await broker.stop();
    }
  });
});
