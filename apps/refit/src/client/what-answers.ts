const patienceMs = 1000;

/** What is at an address where no gRPC server answers, as a sentence; empty when nothing is known of it. */
export async function whatAnswers(address: string): Promise<string> {
  const answer = await fetch(`http://${address}/healthz`, { signal: AbortSignal.timeout(patienceMs) }).catch(() => undefined);
  if (answer === undefined) return '';
  const { services, instanceName, grpcPort } = await healthOf(answer);
  if (services === undefined) return 'Something that speaks HTTP is there, not gRPC.';
  const host = address.slice(0, address.lastIndexOf(':'));
  const name = instanceName ?? (services.length === 1 ? services[0] : 'a Refit');
  return `That is the HTTP port of ${name}${grpcPort === undefined ? ', which answers no gRPC' : `; its gRPC address is ${host}:${grpcPort}`}.`;
}

interface Health {
  readonly services?: readonly string[];
  readonly instanceName?: string;
  readonly grpcPort?: number;
}

const healthOf = (answer: Response): Promise<Health> => answer.json().then((report) => (typeof report === 'object' && report !== null ? (report as Health) : {}), () => ({})); // what is no Refit has none of them
