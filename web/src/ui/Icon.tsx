import styles from "./Icon.module.css";

const SHAPES = {
  inbox:
    "M4 13h4l1.5 3h5L16 13h4M4 13l2.6-7.4A1.5 1.5 0 0 1 8 4.600h8a1.500 1.500 0 0 1 1.400 1L20 13v4.500A1.500 1.500 0 0 1 18.500 19h-13A1.500 1.500 0 0 1 4 17.500z",
  bolt: "M13 3.500 5.500 13.500H12l-1 7 7.500-10H12z",
  speaker: "M5 10v4h3l4 3.500v-11L8 10zM15.500 9.500a3.500 3.500 0 0 1 0 5M18 7a7 7 0 0 1 0 10",
  again: "M19 12a7 7 0 1 1-2-4.900M19 4v4h-4",
  mic: "M12 4a2.500 2.500 0 0 1 2.500 2.500v5a2.500 2.500 0 0 1-5 0v-5A2.500 2.500 0 0 1 12 4zM6 11.500a6 6 0 0 0 12 0M12 17.500V20",
  hangUp: "M4 14.500c0-3 3.600-5 8-5s8 2 8 5v1.500l-4.500-.8V12.900a12 12 0 0 0-7 0v2.300L4 16z",
  phone:
    "M6.500 4h3l1.500 4-2 1.500a11 11 0 0 0 5.500 5.500l1.500-2 4 1.500v3a1.500 1.500 0 0 1-1.600 1.500A15.500 15.500 0 0 1 5 5.600 1.500 1.500 0 0 1 6.500 4z",
  clip: "m19 11.500-6.800 6.800a4.300 4.300 0 0 1-6.100-6.100l7.300-7.300a2.900 2.900 0 0 1 4.100 4.100l-7.100 7.100a1.400 1.400 0 0 1-2-2l6.300-6.300",
  picture:
    "M5 5h14a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zM4 16l4.500-4.500 4 4 3-3L20 17M15.500 9v.2",
  file: "M7 4h6.500L18 8.500V19a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zM13.500 4v4.500H18",
  cross: "m6.500 6.500 11 11m0-11-11 11",
  back: "m14 6-6 6 6 6",
  send: "M5 12h13m0 0-5-5m5 5-5 5",
  clock: "M12 4.500a7.500 7.500 0 1 1 0 15 7.500 7.500 0 0 1 0-15zM12 7.500V12l3 2",
  tick: "m5 12.500 4.500 4.500L19 7.500",
  ticks: "m2.500 13 4 4L15 8.500M11.500 16l1 1L21 8.500",
  alert: "M12 5 3.500 19h17zM12 10.500v4M12 16.800v.2",
  transfer: "M4 8h13m0 0-3.500-3.500M17 8l-3.500 3.500M20 16H7m0 0 3.500-3.500M7 16l3.500 3.500",
  bot: "M8 8h8a3 3 0 0 1 3 3v4a3 3 0 0 1-3 3H8a3 3 0 0 1-3-3v-4a3 3 0 0 1 3-3zM12 4.500V8M9.500 12.500v1m5-1v1M3 12v2m18-2v2",
  lock: "M8 11h8a2 2 0 0 1 2 2v4.500a2 2 0 0 1-2 2H8a2 2 0 0 1-2-2V13a2 2 0 0 1 2-2zM8.500 11V8a3.500 3.500 0 0 1 7 0v3",
  link: "M4 9.500a12 12 0 0 1 16 0M7 13a7.500 7.500 0 0 1 10 0M10 16.500a3 3 0 0 1 4 0",
  sun: "M12 8.500a3.500 3.500 0 1 1 0 7 3.500 3.500 0 0 1 0-7zM12 3.500v2M12 18.500v2M3.500 12h2M18.500 12h2M6 6l1.400 1.400M16.600 16.600 18 18M18 6l-1.400 1.400M7.400 16.600 6 18",
  moon: "M19.500 14.500A8 8 0 0 1 9.500 4.500a8 8 0 1 0 10 10z",
  out: "M14 5H7a1.500 1.500 0 0 0-1.500 1.500v11A1.500 1.500 0 0 0 7 19h7M10.500 12H20m0 0-3.500-3.500M20 12l-3.500 3.500",
} as const;

export type IconName = keyof typeof SHAPES;

/** A line drawing on the 24 grid. Always beside words or inside a labelled control, so hidden from readers. */
export function Icon({ name, size = 18 }: { name: IconName; size?: 13 | 15 | 18 | 20 }) {
  return (
    <svg
      className={styles["icon"]}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      strokeWidth={size === 13 ? 2 : 1.75}
      aria-hidden="true"
    >
      <path d={SHAPES[name]} />
    </svg>
  );
}

/** WhatsApp's bubble, filled. */
function WhatsAppMark({ size = 11 }: { size?: number }) {
  return (
    <svg className={styles["filled"]} width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d="M12 2a10 10 0 0 0-8.600 15L2 22l5.200-1.400A10 10 0 1 0 12 2zm-4 5.500c.5 0 .8 0 1 .5l.8 1.900c.1.300 0 .6-.8 1.500.9 1.700 2 2.700 3.900 3.600.8-1 1-1.200 1.400-1l2 1c.4.2.4.4.3.9-.3 1.300-1.500 2-2.800 1.900-3.800-.5-7.200-3.700-7.800-7.400-.2-1.500.8-2.900 2-2.900z" />
    </svg>
  );
}

/** Telegram's paper plane, filled. */
function TelegramMark({ size = 11 }: { size?: number }) {
  return (
    <svg className={styles["filled"]} width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d="M21.600 3.200 2.900 10.500c-1 .4-1 1.800.1 2.100l4.700 1.500 1.800 5.600c.2.700 1.100.9 1.600.4l2.600-2.500 4.700 3.500c.6.400 1.400.100 1.600-.600L23.200 4.500c.2-.9-.7-1.700-1.600-1.300zM9.800 14.300l8.700-7.900-7.100 8.800-.3 3.200z" />
    </svg>
  );
}

/** The sign of a messenger. */
export const ChannelMark = ({ channel, size }: { channel: string; size?: number }) =>
  channel === "telegram" ? <TelegramMark {...(size && { size })} /> : <WhatsAppMark {...(size && { size })} />;

/** The two lines of Detour: the road taken and the one that was blocked. */
export function Logo() {
  return (
    <svg width="40" height="40" viewBox="0 0 40 40" fill="none" strokeLinecap="round" aria-hidden="true">
      <path d="M6 27.500h8.500c7 0 5-15 12-15H34" stroke="#E8712B" strokeWidth="4.500" />
      <path d="M18.500 27.500H34" stroke="#5C6B72" strokeWidth="4.500" strokeDasharray=".1 7.600" />
      <circle cx="6.500" cy="27.500" r="4" fill="#1A2226" stroke="#E8712B" strokeWidth="3" />
      <circle cx="33.500" cy="12.500" r="4" fill="#1A2226" stroke="#23A26D" strokeWidth="3" />
    </svg>
  );
}
