import { BlockList, isIP } from "node:net";

/** Addresses that lead into our own machine or network, or nowhere (RFC 6890 and its successors). */
const IPV4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
];

/** Within 2000::/3, the only part of IPv6 that leads anywhere public. */
const IPV6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];

const closed = new BlockList();
for (const [address, bits] of IPV4.map(split)) closed.addSubnet(address, bits, "ipv4");
for (const [address, bits] of IPV6.map(split)) closed.addSubnet(address, bits, "ipv6");

const open = new BlockList();
open.addSubnet("2000::", 3, "ipv6");

function split(subnet: string): [string, number] {
  const [address, bits] = subnet.split("/");
  return [address!, Number(bits)];
}

/** True for an address out in the world. IPv6 that wraps an IPv4 address is not: nobody needs it. */
export function isPublic(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !closed.check(address, "ipv4");
  return family === 6 && open.check(address, "ipv6") && !closed.check(address, "ipv6");
}
