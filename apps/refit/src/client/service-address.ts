/** Where a service is asked for. */
export interface ServiceAddress {
  /** `host:port` */
  readonly address: string;
  /** What gave it, for messages: `REFIT_ADMIN`. */
  readonly from?: string;
}

/** In one process the services have one address; as processes of their own each has its own. */
export interface RefitAddresses {
  readonly admin: ServiceAddress;
  readonly registry: ServiceAddress;
  /** Absent: where admin is. */
  readonly validation?: ServiceAddress;
}
