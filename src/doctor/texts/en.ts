import type { DoctorTexts } from "./texts.ts";

const gib = (bytes: number) => `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
const mib = (bytes: number) => `${Math.round(bytes / 1024 ** 2)} MiB`;
const things = (count: number) => (count === 1 ? "1 thing is wrong" : `${count} things are wrong`);
const looks = (count: number) => (count === 1 ? "1 deserves a look" : `${count} deserve a look`);

/** The doctor's words in English. */
export const en: DoctorTexts = {
  title: "What Detour finds here",
  addresses: "Addresses to paste",
  subjects: {
    settings: "Settings",
    node: "Node",
    database: "Database",
    disk: "Disk",
    clock: "Clock",
    address: "Public address",
    port: "Port",
    telephone: "Telephone",
    connection: "Connection",
    crm: "CRM",
    traces: "Traces",
  },
  verdict: (wrong, warnings) => {
    if (wrong === 0 && warnings === 0) return "All is well.";
    return `${[...(wrong > 0 ? [things(wrong)] : []), ...(warnings > 0 ? [looks(warnings)] : [])].join(", ")}.`;
  },
  settings: "All settings can be read.",
  node: (version) => `Node ${version}.`,
  oldNode: (version) =>
    `This is Node ${version}, and 24 is needed. Start with npm, which brings it, or install Node 24.`,
  database: (version, size) => `PostgreSQL ${version} with ${mib(size)} of data keeps what it confirms.`,
  oldPostgres: (version) => `PostgreSQL ${version} is too old. Use 15 or newer.`,
  unsafe: (setting) =>
    `PostgreSQL runs with ${setting} = off and may lose confirmed messages. Set ${setting} = on in postgresql.conf and reload it.`,
  notMigrated: (count) =>
    `${count} ${count === 1 ? "migration is" : "migrations are"} missing. The next start applies them, or npm run migrate does.`,
  notMade: (folder) => `Detour's own PostgreSQL is made in ${folder} at the first start.`,
  disk: (free) => `${gib(free)} are free where the data lies.`,
  diskLow: (free) =>
    `Only ${gib(free)} are free where the data lies. Make room before it is full: then nothing is taken any more.`,
  diskFull: (free) =>
    `Only ${gib(free)} are free where the data lies. Make room now: on a full disk nothing is taken any more.`,
  diskElsewhere: "The database's disk cannot be seen from here. Watch it where the database runs.",
  ofTheDatabase: "the database",
  clock: (names) => `This machine's clock agrees with ${names.join(", ")}.`,
  clockOff: (name, aheadMs) =>
    `This machine's clock is ${Math.abs(aheadMs / 1000).toFixed(1)} s ${aheadMs > 0 ? "ahead of" : "behind"} ${name}. Turn on time synchronisation (timedatectl set-ntp true) on both machines.`,
  address: (url) => `${url} leads here.`,
  onlyHere: (url) =>
    `${url} leads here, but only machines of this network know the name, and a provider on the internet does not.`,
  notPublic: (url) =>
    `PUBLIC_URL is ${url}, where no provider on the internet can call. Put a proxy with a certificate in front and set PUBLIC_URL to its https:// address.`,
  unknownName: (host) => `Nobody knows the name ${host}. Enter it into the DNS of its domain, or correct PUBLIC_URL.`,
  badCertificate: (url, words) =>
    `The certificate of ${url} would be refused by providers (${words}). Get one from a public authority and give the proxy its whole chain.`,
  certificateEnds: (url, days) => `The certificate of ${url} ends in ${days} days. See why it was not renewed.`,
  noAnswer: (url, words) =>
    `Nobody answers at ${url} (${words}). Start the proxy there and open its port in the firewall.`,
  nobodyBehind: (url, status, port) =>
    `A proxy answers at ${url} with ${status}: it finds nobody behind it. Point it at port ${port} of this machine.`,
  somebodyElse: (url, status, port) =>
    `Something else than Detour answers at ${url} (HTTP ${status}). Point the proxy at port ${port} of this machine, with paths as they are.`,
  portTaken: (port) => `PORT ${port} is taken by another program. Stop it or set PORT to a free one.`,
  works: "Works.",
  nothingConnected:
    "No provider is connected: npm start shows everything with stand-ins. The README says how to connect real ones.",
  remarks: {
    "calls-go-nowhere":
      "The number does not send its calls here. Paste the address for voice below into its voice configuration.",
    "calls-go-elsewhere":
      "The number sends its calls to another address. Paste the address for voice below into its voice configuration, or correct PUBLIC_URL.",
    "no-statuses": "The number does not tell how its calls end. Paste the address for statuses below.",
    "no-fallback":
      "No fallback is installed: while no process runs, callers hear an error. Install the document below as a TwiML Bin.",
  },
  crmSilent: "The CRM does not answer as it should. Check DEMO_CRM_URL and DEMO_CRM_TOKEN.",
  collectorSilent: (url, words) =>
    `No collector takes traces at ${url} (${words}). Start it or correct OTEL_EXPORTER_OTLP_ENDPOINT.`,
};
