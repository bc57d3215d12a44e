/** `kurrentdb://admin:changeit@host` → `kurrentdb://•••@host`; also passwords and tokens among the parameters of an address. */
export const hideCredentials = (text: string): string =>
  text
    .replaceAll(/(:\/\/)[^/?#]*@/g, '$1•••@')
    .replaceAll(/([?&][^=&#]*(?:pass|secret|token|key)[^=&#]*=)[^&#]*/gi, '$1•••');
