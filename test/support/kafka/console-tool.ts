import { execFile } from 'node:child_process';
import { preparedClasses, smallJvm, type KafkaJars } from './kafka-jars.ts';

const mainClasses = {
  'kafka-topics': 'org.apache.kafka.tools.TopicCommand',
  'kafka-console-consumer': 'org.apache.kafka.tools.consumer.ConsoleConsumer',
  'kafka-console-producer': 'org.apache.kafka.tools.ConsoleProducer',
  'kafka-consumer-groups': 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
};

export type ConsoleTool = keyof typeof mainClasses;

/** Runs one of the console tools that come with Kafka against any broker: what it prints. */
export function consoleTool(jars: KafkaJars, brokers: string, tool: ConsoleTool, args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const java = [...smallJvm('96m'), ...preparedClasses(jars), '-Dorg.slf4j.simpleLogger.defaultLogLevel=error', '-cp', jars.classPath, mainClasses[tool], '--bootstrap-server', brokers, ...args];
    const child = execFile('java', java, { timeout: 60_000, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${tool} ${args.join(' ')} failed: ${stderr || stdout || error.message}`));
    });
    child.stdin?.end(input);
  });
}
