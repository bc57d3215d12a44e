/** `127.0.0.1:7410`, `[::1]:7410`, `registry.example:443` */
export const isAddress = (text: string): boolean => /^(\[[0-9a-f:.]+\]|[^\s:/[\]]+):\d{1,5}$/i.test(text) && Number(text.slice(text.lastIndexOf(':') + 1)) <= 65_535;
