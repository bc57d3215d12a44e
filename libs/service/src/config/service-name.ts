/** Services that can be processes of their own; their ports are settings. */
export const serviceNames = ['trigger', 'registry', 'ingestion', 'validation', 'training', 'evaluation'] as const;

export type ServiceName = (typeof serviceNames)[number];
